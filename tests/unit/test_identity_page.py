"""The pages on identity verification are those that the examples make."""

import pytest

from tests.lib import identity_page
from tests.lib.identity_page import Language


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_page_is_made_of_the_examples(language: Language) -> None:
    """Otherwise: ``python -m tests.lib.identity_page``."""
    found = identity_page.PAGES[language].read_text(encoding="utf-8")
    assert found == identity_page.page(language)


def test_every_verdict_has_an_example() -> None:
    given = {example["verdict"] for example in identity_page.examples()}
    assert given == set(identity_page.names_of("en"))
