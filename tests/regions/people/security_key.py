"""A security key made of software: answers a site's challenges as a real one does."""

import json
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData


class SecurityKey:
    """One key for one site; each signature raises its counter."""

    def __init__(self, site: str = "testserver", origin: str = "https://testserver") -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = b"software-key-001"
        self.site, self.origin, self.count = site, origin, 0

    def register(self, challenge: str) -> dict[str, Any]:
        """The answer to "make a credential": the public half of the key."""
        public = ES256.from_cryptography_key(self.private.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        attestation = AttestationObject.create("none", self._data(credential), {})
        return self._answer(
            clientDataJSON=websafe_encode(self._client_data("webauthn.create", challenge)),
            attestationObject=websafe_encode(bytes(attestation)),
        )

    def sign(self, challenge: str) -> dict[str, Any]:
        """The answer to "prove that you have the key"."""
        client_data = self._client_data("webauthn.get", challenge)
        data = self._data(None)
        signature = self.private.sign(
            data + sha256(client_data).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._answer(
            clientDataJSON=websafe_encode(client_data),
            authenticatorData=websafe_encode(bytes(data)),
            signature=websafe_encode(signature),
        )

    def _data(self, credential: AttestedCredentialData | None) -> AuthenticatorData:
        self.count += 1
        present, verified, attested = 0x01, 0x04, 0x40 if credential else 0
        return AuthenticatorData.create(
            sha256(self.site.encode()).digest(),
            present | verified | attested,
            self.count,
            bytes(credential) if credential else b"",
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        ).encode()

    def _answer(self, **response: str) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
            "authenticatorAttachment": "cross-platform",
        }
