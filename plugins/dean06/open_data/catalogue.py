"""DCAT 3 (W3C, 2024) as JSON-LD: the catalogue, the series of releases, this one, and its files.

The context is in the file, so nothing is fetched to read it. Classes are stated where DCAT says of
which class a value is, so the file can be checked without knowing anything else.
"""

import hashlib
from pathlib import PurePosixPath
from typing import Any

from dean06.contract import Bilingual
from dean06.open_data import tables
from dean06.open_data.content import Content
from dean06.open_data.package import PROFILE

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
}
_STANDARDS = {
    "datapackage.json": PROFILE,
    "csv-metadata.json": "http://www.w3.org/ns/csvw",
    "sdmx/data.csv": "https://sdmx.org/",
    "sdmx/structure.json": "https://sdmx.org/",
    "contract.odcs.yaml": "https://github.com/bitol-io/open-data-contract-standard",
}
_SERIES = Bilingual("KPIs of Project 06", "Chỉ tiêu Đề án 06")
_SERIES_TEXT = Bilingual(
    "Values of the KPIs by province and commune, one release for each publication.",
    "Giá trị chỉ tiêu theo tỉnh và đơn vị cấp xã, mỗi lần công bố một bộ dữ liệu.",
)
_OTHERS = {
    "datapackage.json": Bilingual("Data Package", "Data Package"),
    "csv-metadata.json": Bilingual("CSV on the Web", "CSV on the Web"),
    "sdmx/data.csv": Bilingual("SDMX-CSV: data", "SDMX-CSV: số liệu"),
    "sdmx/structure.json": Bilingual("SDMX-JSON: structure", "SDMX-JSON: cấu trúc"),
    "kpi_values.xlsx": Bilingual("Workbook", "Tệp Excel"),
    "contract.odcs.yaml": Bilingual("Data contract (ODCS)", "Hợp đồng dữ liệu (ODCS)"),
}
_SIGNED = Bilingual("Signed publication", "Lần công bố đã ký")


def describe(content: Content, files: dict[str, bytes]) -> dict[str, Any]:
    """Return the catalogue of a release that consists of ``files``."""
    by = content.publisher
    agency = {"@id": f"{by.url}#publisher", "@type": "foaf:Agent", "foaf:name": by.name}
    contact = {
        "@type": "vcard:Kind",
        "vcard:fn": by.name,
        "vcard:hasEmail" if by.contact_url.startswith("mailto:") else "vcard:hasURL": {
            "@id": by.contact_url
        },
    }
    common = {
        "dct:publisher": {"@id": agency["@id"]},
        "dcat:contactPoint": contact,
        "dct:accrualPeriodicity": {
            "@id": f"http://purl.org/cld/freq/{by.update_cycle}", "@type": "dct:Frequency",
        },
    }  # fmt: skip
    licence = {"@id": by.licence, "@type": "dct:LicenseDocument"}
    return {
        "@context": _CONTEXT,
        "@graph": [
            agency,
            licence,
            {
                "@id": f"{by.url}#catalogue",
                "@type": "dcat:Catalog",
                "dct:title": _said(_SERIES),
                "dct:description": _said(_SERIES_TEXT),
                "dct:publisher": {"@id": agency["@id"]},
                "dct:license": {"@id": by.licence},
                "dct:language": _languages(),
                "foaf:homepage": {"@id": by.url, "@type": "foaf:Document"},
                "dcat:dataset": [{"@id": f"{content.url}#dataset"}],
            },
            {
                "@id": f"{by.url}#series",
                "@type": "dcat:DatasetSeries",
                "dct:title": _said(_SERIES),
                "dct:description": _said(_SERIES_TEXT),
                **common,
            },
            _dataset(content, files) | common,
        ],
    }


def _dataset(content: Content, files: dict[str, bytes]) -> dict[str, Any]:
    before = content.replaces and f"{content.publisher.url}publication-{content.replaces:06}/"
    return {
        "@id": f"{content.url}#dataset",
        "@type": "dcat:Dataset",
        "dct:title": _said(content.title),
        "dct:description": _said(content.notice),
        "dct:identifier": content.name,
        "dcat:version": str(content.number),
        "dct:issued": {"@value": content.issued, "@type": "xsd:dateTime"},
        "dct:language": _languages(),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:endDate": {"@value": str(content.day), "@type": "xsd:date"},
        },
        "dct:spatial": [
            {
                "@type": "dct:Location",
                "dct:identifier": unit["unit_code"],
                "skos:prefLabel": {"@value": unit["unit_name"], "@language": "vi"},
            }
            for unit in content.dicts(tables.UNITS)
            if unit["unit_level"] == "province" and unit["boundary_version"] == "as_reported"
        ],
        "dcat:inSeries": {"@id": f"{content.publisher.url}#series"},
        "dcat:landingPage": {"@id": content.url, "@type": "foaf:Document"},
        **({"dcat:previousVersion": {"@id": f"{before}#dataset"}} if before else {}),
        "dcat:distribution": [_file(content, name, body) for name, body in files.items()],
    }


def _file(content: Content, name: str, body: bytes) -> dict[str, Any]:
    kind = _MEDIA_TYPES[PurePosixPath(name).suffix]
    found = {
        "@id": f"{content.url}{name}#file",
        "@type": "dcat:Distribution",
        "dct:title": _said(_title(name)),
        "dcat:accessURL": {"@id": f"{content.url}{name}", "@type": "rdfs:Resource"},
        "dcat:downloadURL": {"@id": f"{content.url}{name}", "@type": "rdfs:Resource"},
        "dct:license": {"@id": content.publisher.licence},
        "dcat:mediaType": {
            "@id": f"http://www.iana.org/assignments/media-types/{kind}", "@type": "dct:MediaType",
        },
        "dcat:byteSize": {"@value": str(len(body)), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {
                "@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm",
            },
            "spdx:checksumValue": {
                "@value": hashlib.sha256(body).hexdigest(), "@type": "xsd:hexBinary",
            },
        },
    }  # fmt: skip
    standard = _STANDARDS.get(name)
    return found | (
        {"dct:conformsTo": {"@id": standard, "@type": "dct:Standard"}} if standard else {}
    )


def _title(name: str) -> Bilingual:
    """What a file is, in words."""
    if name.startswith("signed/"):
        return _SIGNED
    of_tables = {table.file: table.title for table in tables.TABLES}
    return of_tables.get(name) or _OTHERS[name]


def _said(text: Bilingual) -> list[dict[str, str]]:
    return [{"@value": text.en, "@language": "en"}, {"@value": text.vi, "@language": "vi"}]


def _languages() -> list[dict[str, str]]:
    return [
        {"@id": f"http://id.loc.gov/vocabulary/iso639-1/{code}", "@type": "dct:LinguisticSystem"}
        for code in ("vi", "en")
    ]
