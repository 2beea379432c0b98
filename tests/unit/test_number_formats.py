"""What a spreadsheet shows for a stored number, by its format."""

import pytest

from dean06.wire.number_formats import is_date, shown_date, shown_number


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (82304000002, "000000000000", "082304000002"),
        (1304000003, "000000000000", "001304000003"),
        (82304000002, "0", "82304000002"),
        (82304000002, "", "82304000002"),
        (82304000002, "General", "82304000002"),
        (82304000002, "@", "82304000002"),
        (82304000002, "#,##0", "82304000002"),
        (82304000002, "000-000-000000", "082304000002"),
        (82304000002, "000 000 000 000", "082304000002"),
        (82304000002, '"0"###########', "082304000002"),
        (82304000002, '"0"General', "082304000002"),
        (82304000002, "\\0#", "082304000002"),
        (82304000002, "[Red]000000000000;-0", "082304000002"),
        (82304000002, "000000000000;[Blue]-000000000000;0", "082304000002"),
        (12345678, "[<=999999999]000000000;000000000000", "012345678"),
        (82304000002, "[<=999999999]000000000;000000000000", "082304000002"),
        (123456789012345, "000000000000", "123456789012345"),
        (7, '000" HS"', "007"),
        (7, "00.0", "7"),
        (7, "00%", "7"),
        (7, "0.00E+00", "7"),
        (7, "00,", "7"),
        (7, ";;;", "7"),
        (0, "00", "00"),
        (0, "#", ""),
        (-7, "000", "-7"),
        (7.5, "000", "7.5"),
    ],
)
def test_zeros_are_kept_where_the_format_shows_them(
    value: float, number_format: str, shown: str
) -> None:
    assert shown_number(float(value), number_format) == (shown or str(value))


@pytest.mark.parametrize(
    ("serial", "number_format", "shown"),
    [
        (38020, "dd/mm/yyyy", "03/02/2004"),
        (38020, "[$-42A]dd/mm/yyyy", "03/02/2004"),
        (38020, 'dd"/"mm"/"yyyy', "03/02/2004"),
        (38020, "mm-dd-yy", "03/02/2004"),
        (38020, "[$-409]mmmm d, yyyy;@", "03/02/2004"),
        (38020.5, "dd/mm/yyyy", "03/02/2004"),
        (38020.5, "dd/mm/yyyy hh:mm", "03/02/2004 12:00:00"),
        (38020, "dd/mm/yyyy h:mm AM/PM", "03/02/2004"),
        (38020, "mm/yyyy", "02/2004"),
        (38020, "yyyy", "2004"),
        (38020, "d-mmm", "03/02"),
        (0.25, "h:mm", "06:00:00"),
        (0.25, "mm:ss", "06:00:00"),
        (1, "dd/mm/yyyy", "01/01/1900"),
        (59, "dd/mm/yyyy", "28/02/1900"),
        (60, "dd/mm/yyyy", "29/02/1900"),
        (61, "dd/mm/yyyy", "01/03/1900"),
        (2958465, "dd/mm/yyyy", "31/12/9999"),
        (2958466, "dd/mm/yyyy", None),
        (-1, "dd/mm/yyyy", None),
    ],
)
def test_a_day_shows_the_parts_that_its_format_shows(
    serial: float, number_format: str, shown: str | None
) -> None:
    assert is_date(number_format)
    assert shown_date(float(serial), number_format, from_1904=False) == shown


def test_days_may_be_counted_from_1904() -> None:
    assert shown_date(36558.0, "dd/mm/yyyy", from_1904=True) == "03/02/2004"
    assert shown_date(2958465.0, "dd/mm/yyyy", from_1904=True) is None


@pytest.mark.parametrize(
    "number_format",
    ["", "General", "0", "[h]:mm", '0" days"', "[Red]0", "\\d0", "#,##0.00 [$₫-42A]"],
)
def test_a_number_is_no_day(number_format: str) -> None:
    assert not is_date(number_format)
