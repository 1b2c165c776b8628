"""What a doctor types for a stable ward patient, as a form sends it."""

TYPED = {
    "age_years": "58",
    "sex": "male",
    "weight_kg": "92",
    "urgency": "24",
    "reason": "capacity",
    "diagnosis_group": "COVID-19",
    "in_cohort": "yes",
    "infection": "confirmed",
    "isolation": "droplet",
    "ventilation": "o2",
    "oxygen_l_min": "3",
    "values_at": "07:30",
    "stable_by": "dr. A. Bosman",
    "stable_at": "07:40",
    "informed": "agreed",
    "informed_who": "partner",
    "gp_informed": "on",
    "level": "ward",
    "version": "0",
    "submission": "7c8bd3b8-7b3f-4b5e-9a57-0d6b6f9a3a01",
}
