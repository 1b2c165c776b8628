"""What a reporter types for a hospital, as a form sends it, and what it reported the day before."""

GOOD = {
    "icu-open_cohort": "14",
    "icu-open_other": "8",
    "icu-reserve": "1",
    "icu-occ_confirmed": "14",
    "icu-occ_other": "6",
    "icu-new_24h": "2",
    "icu-offer": "0",
    "icu-need": "0",
    "ward-open_cohort": "26",
    "ward-open_other": "218",
    "ward-occ_confirmed": "26",
    "ward-occ_other": "208",
    "ward-new_24h": "6",
    "ward-offer": "0",
    "ward-need": "2",
    "measured_at": "08:00",
}
YESTERDAY = {
    "icu": {"open_cohort": 14, "open_other": 8, "occ_confirmed": 13, "occ_other": 7},
    "ward": {
        "open_cohort": 26,
        "open_other": 218,
        "reserve": 0,
        "occ_confirmed": 26,
        "occ_other": 208,
        "occ_delabelled": 4,
    },
}
