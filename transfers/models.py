"""Gathers the tables of this package's rooms."""

from transfers.offers.models import Offer
from transfers.requests.models import ClinicalPicture, RequestDraft, RequestEvent, TransferRequest
from transfers.rides.models import HandoverItem, Ride

__all__ = [
    "ClinicalPicture",
    "HandoverItem",
    "Offer",
    "RequestDraft",
    "RequestEvent",
    "Ride",
    "TransferRequest",
]
