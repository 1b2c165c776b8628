"""What happened to the patients until 29 October 2020, 08:05: the invented part, as data.

One line a step: day of October, local time, name of the row in the status table, and what the step
needs (a site for an offer, a refusal code, a service, a planned pick-up, a reason). Numbers are the
last digits of the request's number; a draft has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Story:
    number: int | None
    site: str
    level: str
    urgency_hours: int
    # Day and time of the last clinical values.
    values: str
    steps: str
    known: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


STORIES = (
    Story(
        396, "hmc-westeinde", "ward", 24, "28 11:40",
        """28 10:20 submit
        28 10:35 search_in_region
        28 11:30 escalate Regio boven de band, geen plek in West
        28 11:50 skip_medical_review
        28 12:15 offer_nationally slingeland-doetinchem
        28 12:50 accept
        28 13:05 request_transport rav-15
        28 13:20 plan_transport 14:00
        28 14:02 depart
        28 17:05 arrive
        28 17:25 hand_over
        29 07:45 close""",
    ),
    Story(
        398, "amphia-molengracht", "ward", 24, "28 15:10",
        """28 13:10 submit
        28 13:30 search_in_region
        28 14:20 escalate Kliniek vol in Breda, Tilburg en Roosendaal
        28 14:45 skip_medical_review
        28 15:20 offer_nationally martini-groningen
        28 16:10 accept
        28 16:25 request_transport rav-20
        28 16:45 plan_transport 17:15
        28 17:18 depart
        28 22:00 arrive
        28 22:25 hand_over""",
    ),
    Story(
        399, "maasstad-rotterdam", "icu", 6, "28 12:05",
        """28 11:05 submit
        28 11:15 search_in_region
        28 11:40 escalate Alle IC's in Zuidwest vol
        28 11:50 ask_medical_review
        28 12:10 find_fit
        28 12:20 offer_nationally radboudumc-nijmegen
        28 12:45 accept
        28 12:55 request_transport micu-rotterdam
        28 13:10 plan_transport 14:00
        28 14:05 depart
        28 16:20 arrive
        28 16:50 hand_over
        29 07:40 close""",
    ),
    Story(
        400, "reinier-delft", "ward", 24, "28 13:30",
        """28 13:50 submit
        28 14:20 search_in_region
        28 15:40 withdraw improved_or_discharged""",
    ),
    Story(
        401, "ikazia-rotterdam", "ward", 24, "26 06:50",
        """26 07:20 submit
        26 08:10 search_in_region
        28 08:10 expire""",
    ),
    Story(
        402, "etz-elisabeth", "ward", 24, "29 05:30",
        """28 16:30 submit
        28 16:55 search_in_region
        28 18:10 escalate Tilburg en Den Bosch vol
        28 18:30 skip_medical_review
        28 19:15 offer_nationally viecuri-venlo
        28 20:05 accept
        28 20:20 request_transport rav-20
        28 21:10 plan_transport 06:00
        29 06:04 depart
        29 07:52 arrive""",
    ),
    Story(
        403, "maasstad-rotterdam", "ward", 24, "29 05:40",
        """28 15:45 submit
        28 16:05 search_in_region
        28 17:20 escalate Rotterdam vol, ook Dordrecht
        28 17:45 skip_medical_review
        28 18:40 offer_nationally nij-smellinghe-drachten
        28 19:30 accept
        28 19:45 request_transport rav-17
        28 20:30 plan_transport 06:15
        29 06:18 depart""",
    ),
    Story(
        404, "catharina-eindhoven", "icu", 24, "29 06:30",
        """28 19:10 submit
        28 19:30 search_in_region
        28 20:40 escalate Eindhoven en Tilburg vol
        28 21:00 ask_medical_review
        28 21:40 find_fit
        28 22:10 offer_nationally mumc-maastricht
        28 22:55 accept
        28 23:10 request_transport micu-maastricht
        29 05:50 plan_transport 07:15
        29 07:20 depart""",
    ),
    Story(
        406, "ikazia-rotterdam", "ward", 24, "29 06:40",
        """28 17:30 submit
        28 17:55 search_in_region
        28 19:20 escalate Geen cohortbed in Rotterdam
        28 19:45 skip_medical_review
        28 20:50 offer_nationally isala-meppel
        28 21:35 accept
        28 21:50 request_transport rav-17
        29 06:30 plan_transport 08:45""",
    ),
    Story(
        407, "erasmus-mc-rotterdam", "icu", 6, "29 06:15",
        """29 04:10 submit
        29 04:25 search_in_region
        29 04:55 escalate Alle IC's in Zuidwest vol
        29 05:05 ask_medical_review
        29 05:25 find_fit
        29 05:35 offer_nationally martini-groningen
        29 06:05 accept
        29 06:20 request_transport micu-rotterdam
        29 06:50 plan_transport 09:30""",
        {"noradrenaline_ug_kg_min": "0.12"},
    ),
    Story(
        409, "franciscus-gasthuis", "ward", 24, "29 05:55",
        """28 20:15 submit
        28 20:40 search_in_region
        28 22:05 escalate Geen cohortbed in Rotterdam
        28 22:30 skip_medical_review
        29 06:10 offer_nationally slingeland-doetinchem
        29 07:05 accept
        29 07:25 request_transport rav-17""",
    ),
    Story(
        410, "amphia-molengracht", "icu", 24, "29 06:20",
        """28 21:20 submit
        28 21:50 search_in_region
        28 23:20 escalate IC's in Brabant vol, dialyse nodig
        28 23:35 ask_medical_review
        29 00:20 find_fit
        29 06:35 offer_nationally umcg-groningen
        29 07:35 accept""",
        {"dialysis": True},
    ),
    Story(
        412, "alrijne-leiderdorp", "ward", 24, "29 05:30",
        """28 18:20 submit
        28 18:50 search_in_region
        28 21:30 escalate Leiden en Den Haag vol
        28 21:55 skip_medical_review
        29 06:25 offer_nationally deventer-ziekenhuis""",
        {"oxygen_l_min": 3},
    ),
    Story(
        413, "ijsselland-capelle", "icu", 6, "29 06:45",
        """29 05:40 submit
        29 05:55 search_in_region
        29 06:30 escalate Alle IC's in Zuidwest vol
        29 06:40 ask_medical_review
        29 07:05 find_fit
        29 07:38 offer_nationally zuyderland-heerlen""",
    ),
    Story(
        414, "mmc-veldhoven", "ward", 24, "29 05:50",
        """28 19:40 submit
        28 20:10 search_in_region
        28 22:40 escalate Eindhoven vol
        28 23:00 skip_medical_review
        29 06:05 offer_nationally mumc-maastricht
        29 06:50 refuse no_staff
        29 06:50 search_nation_again
        29 07:10 offer_nationally zuyderland-heerlen""",
        {"oxygen_l_min": 2},
    ),
    Story(
        415, "maasstad-rotterdam", "icu", 6, "29 06:30",
        """29 05:50 submit
        29 06:05 search_in_region
        29 06:40 escalate Alle IC's in Zuidwest vol
        29 06:50 ask_medical_review
        29 07:25 find_fit""",
        {"noradrenaline_ug_kg_min": "0.15",
         "fio2_percent": 55, "peep_cmh2o": 12, "pf_ratio_mmhg": 131},
    ),
    Story(
        416, "franciscus-vlietland", "ward", 24, "29 06:10",
        """28 21:05 submit
        28 21:40 search_in_region
        29 06:20 escalate Geen cohortbed in Rotterdam
        29 06:45 skip_medical_review""",
        {"oxygen_l_min": 3},
    ),
    Story(
        417, "jeroen-bosch-den-bosch", "ward", 24, "29 06:00",
        """28 22:10 submit
        28 22:40 search_in_region
        29 06:40 escalate Den Bosch, Uden en Tilburg vol
        29 07:05 skip_medical_review""",
        {"oxygen_l_min": 2, "special_needs": "tolk Pools"},
    ),
    Story(
        418, "langeland-zoetermeer", "ward", 24, "29 06:20",
        """28 22:50 submit
        28 23:20 search_in_region
        29 06:50 escalate Eenpersoonskamer met sluis nodig
        29 07:15 skip_medical_review""",
        {"isolation": "strict", "mdro": "MRSA"},
    ),
    Story(
        419, "etz-elisabeth", "icu", 24, "29 06:35",
        """29 05:15 submit
        29 05:50 search_in_region
        29 07:00 escalate IC's in Brabant vol
        29 07:20 ask_medical_review""",
        {"prone": "now", "dialysis": True},
    ),
    Story(
        421, "bravis-roosendaal", "ward", 24, "29 06:25",
        """29 06:00 submit
        29 06:30 search_in_region
        29 07:40 escalate Breda en Bergen op Zoom vol""",
    ),
    Story(
        422, "ijsselland-capelle", "ward", 24, "29 06:50",
        """29 07:00 submit
        29 07:25 search_in_region""",
        {"oxygen_l_min": 5},
    ),
    Story(423, "bernhoven-uden", "ward", 24, "29 07:10", "29 07:32 submit", {"oxygen_l_min": 3}),
    Story(
        424, "ikazia-rotterdam", "ward", 24, "29 06:30",
        """29 06:55 submit
        29 07:35 ask_sender Is de patiënt akkoord met een ziekenhuis verder dan 100 km?""",
    ),
    Story(
        426, "reinier-delft", "icu", 24, "29 06:05",
        """28 20:30 submit
        28 21:00 search_in_region
        28 23:10 escalate IC's in West vol
        28 23:30 ask_medical_review
        29 00:05 find_fit
        29 06:20 put_on_hold Bloeddruk daalt, noradrenaline verdubbeld""",
        {"noradrenaline_ug_kg_min": "0.32", "map_mmhg": 61},
    ),
    Story(
        None, "st-anna-geldrop", "ward", 48, "29 07:20", "",
        {"stable_by": "", "stable_at": None,
         "informed": "", "informed_who": "", "informed_at": None, "gp_informed": False},
    ),
)  # fmt: skip
