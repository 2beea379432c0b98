"""What a FHIR Bulk Data export consists of beside its resources: manifest, errors, deletions.

https://hl7.org/fhir/uv/bulkdata/export.html. Messages name members by their place in the manifest
and hold codes of FHIR's own value sets only, never a text of the source.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import msgspec

from dean06.details.detail import Detail, detail
from dean06.errors import ContractError
from dean06.wire import stated
from dean06.wire.records import MAX_RECORD_BYTES, Batch

_R4_TYPES = """
    Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse
    AuditEvent Basic Binary BodyStructure Bundle CapabilityStatement CarePlan CareTeam CatalogEntry
    ChargeItem ChargeItemDefinition Claim ClaimResponse ClinicalImpression CodeSystem Communication
    CommunicationRequest CompartmentDefinition Composition ConceptMap Condition Consent Contract
    Coverage CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device
    DeviceDefinition DeviceMetric DeviceRequest DeviceUseStatement DiagnosticReport DocumentManifest
    DocumentReference EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest
    EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario
    ExplanationOfBenefit FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse
    HealthcareService ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation
    ImplementationGuide InsurancePlan Invoice Library Linkage List Location Measure MeasureReport
    Media Medication MedicationAdministration MedicationDispense MedicationKnowledge
    MedicationRequest MedicationStatement MedicinalProduct MessageDefinition MessageHeader
    MolecularSequence NamingSystem NutritionOrder Observation ObservationDefinition
    OperationDefinition OperationOutcome Organization OrganizationAffiliation Parameters Patient
    PaymentNotice PaymentReconciliation Person PlanDefinition Practitioner PractitionerRole
    Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup
    ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment
    RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot Specimen SpecimenDefinition
    StructureDefinition StructureMap Subscription Substance SubstanceSpecification SupplyDelivery
    SupplyRequest Task TerminologyCapabilities TestReport TestScript ValueSet VerificationResult
    VisionPrescription
"""
_TYPES = frozenset(_R4_TYPES.split())
"""Resource types of R4 (http://hl7.org/fhir/R4/valueset-resource-types.html)."""
_SEVERITIES = ("fatal", "error", "warning", "information")
"""http://hl7.org/fhir/R4/valueset-issue-severity.html, the gravest first."""
_UNKNOWN = "unknown code"
_R4_CODES = """
    invalid structure required value invariant security login unknown expired forbidden suppressed
    processing not-supported duplicate multiple-matches not-found deleted too-long code-invalid
    extension too-costly business-rule conflict transient lock-error no-store exception timeout
    incomplete throttled informational
"""
_CODES = frozenset(_R4_CODES.split())
"""http://hl7.org/fhir/R4/valueset-issue-type.html"""
_DELETED = re.compile(r"(?:https?://\S+/)?([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})")


class Item(msgspec.Struct, frozen=True):
    """A file that a manifest lists."""

    type: str
    url: str
    count: stated.Number | None = None
    extension: dict[str, Any] | list[Any] | None = None


class _Manifest(msgspec.Struct, frozen=True, rename="camel"):
    transaction_time: str
    output: list[Item]
    deleted: list[Item] | None = None
    error: list[Item] | None = None


@dataclass(frozen=True)
class File:
    """A file of an export, by its place in the manifest."""

    place: str
    """``output[0]``, for messages."""
    number: int
    """From 1, within its list."""
    url: str
    count: int | None
    """Resources in it, where the manifest says so."""
    sha256: str | None
    """Of its uncompressed bytes, in lower-case hex, where the manifest says so."""


@dataclass(frozen=True)
class Manifest:
    """A finished export."""

    reached: datetime
    """Its transactionTime: it holds nothing later."""
    output: list[File]
    deleted: list[File]
    errors: list[File]


def manifest(content: Any, resource_type: str) -> Manifest:
    """The manifest of an export of one resource type.

    Raises ContractError naming the member that is missing, of another kind, or lists other
    resources.
    """
    read = stated.listing(content, _Manifest, detail("export_manifest"))
    return Manifest(
        reached=_moment(read.transaction_time),
        output=_files("output", read.output, resource_type),
        deleted=_files("deleted", read.deleted, "Bundle"),
        errors=_files("error", read.error, "OperationOutcome"),
    )


def _moment(written: str) -> datetime:
    try:
        moment: datetime | None = datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ContractError(detail("transaction_time_wrong"))
    return moment


def _files(member: str, items: list[Item] | None, resource_type: str) -> list[File]:
    return [
        _file(f"{member}[{index}]", index + 1, item, resource_type)
        for index, item in enumerate(items or [])
    ]


def _file(place: str, number: int, item: Item, resource_type: str) -> File:
    if item.type != resource_type:
        given = _type_named(item.type)
        raise ContractError(
            detail("export_holds_other_type", name=place, given=given, expected=resource_type)
        )
    member = detail("of_export", name=f"{place}.count")
    count = None if item.count is None else stated.count(item.count, member)
    digest = item.extension.get("sha256") if isinstance(item.extension, dict) else None
    promised = stated.sha256(digest, detail("of_export_digest", name=place)) if digest else None
    return File(place, number, item.url, count, promised)


def _type_named(written: str) -> Detail:
    """A resource type as messages may name it."""
    if written in _TYPES:
        return detail("resource_type", name=written)
    return detail("resource_type_unknown")


def lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of an NDJSON file that hold something; of an endless line only its beginning."""
    while line := stream.readline(MAX_RECORD_BYTES + 1):
        while len(line) > MAX_RECORD_BYTES and not line.endswith(b"\n"):
            if not (rest := stream.readline(MAX_RECORD_BYTES + 1)) or rest.endswith(b"\n"):
                break
        if line.strip():
            yield line


@dataclass(frozen=True)
class Issues:
    """What the files of errors of an export say, as severities and codes."""

    counts: Counter[tuple[str, str]]

    @property
    def are_errors(self) -> bool:
        """Whether something was not exported: warnings and information do not say so."""
        return any(severity not in ("warning", "information") for severity, _ in self.counts)

    @property
    def listed(self) -> tuple[Detail, ...]:
        """How many there are of each, the gravest first."""
        order = [*_SEVERITIES, _UNKNOWN]
        ranked = sorted(self.counts.items(), key=lambda item: (order.index(item[0][0]), item[0]))
        return tuple(
            detail(
                "export_issue",
                count=count,
                severity=detail(
                    "severity_unknown" if severity == _UNKNOWN else f"severity_{severity}"
                ),
                issue=detail("issue_code_unknown")
                if code == _UNKNOWN
                else detail("issue_code", name=code),
            )
            for (severity, code), count in ranked
        )

    def __str__(self) -> str:
        return ", ".join(map(str, self.listed))


def issues(files: Iterable[IO[bytes]]) -> Issues:
    """Severities and codes of the OperationOutcomes in these files.

    An outcome that cannot be read, or has no issue, counts as one error of unknown code.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for stream in files:
        for line in lines(stream):
            counts.update(_issues(line) or [(_UNKNOWN, _UNKNOWN)])
    return Issues(counts)


def _issues(line: bytes) -> list[tuple[str, str]]:
    try:
        outcome = msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []
    found = outcome.get("issue")
    return [
        (
            _known(issue.get("severity"), _SEVERITIES),
            _known(issue.get("code"), _CODES),
        )
        for issue in (found if isinstance(found, list) else [])
        if isinstance(issue, dict)
    ]


def _known(word: object, words: Iterable[str]) -> str:
    return word if isinstance(word, str) and word in words else _UNKNOWN


def deleted_ids(bundle: bytes, resource_type: str) -> list[str]:
    """The ids that a Bundle of a file of deletions names, in its order.

    Raises ContractError unless it is a transaction of DELETE requests of that type alone.
    """
    try:
        content = msgspec.json.decode(bundle, type=dict[str, Any])
        if content["resourceType"] != "Bundle" or content["type"] != "transaction":
            raise KeyError
        requests = [entry["request"] for entry in content.get("entry") or []]
        found = [(request["method"], _DELETED.fullmatch(request["url"])) for request in requests]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError, TypeError):
        raise ContractError(detail("line_is_no_bundle")) from None
    ids = []
    for method, named in found:
        if method != "DELETE" or named is None:
            raise ContractError(detail("entry_is_no_deletion"))
        if named[1] != resource_type:
            given = _type_named(named[1])
            raise ContractError(
                detail("entry_deletes_other_type", given=given, expected=resource_type)
            )
        ids.append(named[2])
    return ids


def withdrawals(stream: IO[bytes], resource_type: str, version: str) -> Iterator[Batch]:
    """The records that a file of deletions withdraws as of ``version``, one row each."""
    batch, row = Batch(is_withdrawal=True), 0
    for line in lines(stream):
        for key in deleted_ids(line, resource_type):
            row += 1
            batch.add(row, {"id": key, "meta.lastUpdated": version})
            if batch.full:
                yield batch
                batch = Batch(is_withdrawal=True)
    yield batch
