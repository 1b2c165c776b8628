"""What would say who a patient is, is found in every spelling; what a doctor writes is let through."""

import pytest

from communications import identity


@pytest.mark.parametrize(
    "text",
    [
        "123456782",
        "BSN 111222333.",
        "1234.56.782",
        "123 456 782",
        "123-456-782",
        "patiënt 123456782, man",
        "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0662",
        "123\u200b456782",
        "１２３４５６７８２",
    ],
)
def test_a_bsn_is_found(text):
    assert identity.find(text) == identity.BSN


@pytest.mark.parametrize(
    "text",
    [
        "12-03-1956",
        "12/3/56",
        "12.03.1956",
        "1956-03-12",
        "12 03 1956",
        "12 maart 1956",
        "12 mrt '56",
        "3 mei 65",
        "March 12, 1956",
        "19560312",
        "12031956",
        "geb. 1956",
        "geboren in 1956",
        "12\u20113\u20111956",
    ],
)
def test_a_birth_date_is_found(text):
    assert identity.find(text) == identity.BIRTH_DATE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MZ-IC-31",
        "123456789",  # nine digits that fail the check
        "000000000",
        "010 123 45 67",  # a phone number has ten
        "0612345678",
        "kweek 27-10 negatief",
        "tolk Pools",
        "RASS -4, bloeddruk 120/60",
        "kamer 3.4.5",
        "voor 10:05 graag",
        "MRSA sinds 2018",
        "2 mei opgenomen",
    ],
)
def test_ordinary_text_is_let_through(text):
    assert identity.find(text) is None


@pytest.mark.parametrize("last", range(10))
def test_exactly_one_last_digit_makes_a_number_a_bsn(last):
    assert identity.is_bsn(f"12345678{last}") == (last == 2)
