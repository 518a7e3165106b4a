"""Certificates of every shape that a chain can have: those of Let's Encrypt's hierarchy of today, and each broken form.

Nobody but ISRG can sign with ISRG's keys, so these are look-alikes: the same subjects, kinds of keys, constraints and
spans of validity, under roots of our own that the client is told to trust by a CA file. The openssl command makes them,
as in certificates.py. A certificate's name is KEY or KEY-VARIANT; the key's subject is the certificate's.
"""

import os
from dataclasses import dataclass

from certificates import SETTINGS, Workshop, made_today, own_text
from vpc import OWN_HOST, ZONES

KINDS = """
[intermediate]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,digitalSignature,keyCertSign,cRLSign
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[crossed]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[elsewhere]
basicConstraints = critical,CA:TRUE
nameConstraints = critical,permitted;DNS:corp.example
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[powerless]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyCertSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[client]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = clientAuth
subjectAltName = ${ENV::SAN}
authorityKeyIdentifier = keyid
[unlinked]
basicConstraints = critical,CA:FALSE
subjectAltName = ${ENV::SAN}
authorityKeyIdentifier = none
[unlinked-authority]
basicConstraints = critical,CA:TRUE
authorityKeyIdentifier = none
[nameless]
basicConstraints = CA:FALSE
authorityKeyIdentifier = keyid
"""
# As Let's Encrypt's tlsserver profile has it, a certificate may have an empty subject.
ANY = SETTINGS.replace("commonName = supplied", "commonName = optional")

RSA2, RSA4 = ("RSA", "rsa_keygen_bits:2048"), ("RSA", "rsa_keygen_bits:4096")
P256, P384 = ("EC", "ec_paramgen_curve:P-256"), ("EC", "ec_paramgen_curve:P-384")
WEAK = ("RSA", "rsa_keygen_bits:1024")
ISRG, LE = "/C=US/O=Internet Security Research Group/CN=", "/C=US/O=Let's Encrypt/CN="
AMAZON = "/C=US/L=Seattle/O=Amazon Web Services, Inc./OU=Amazon RDS/CN=Amazon RDS "
KEYS = {  # name: (kind of key, subject)
    "x1": (RSA4, ISRG + "ISRG Root X1"), "x2": (P384, ISRG + "ISRG Root X2"),
    "yr": (RSA4, "/C=US/O=ISRG/CN=Root YR"), "ye": (P384, "/C=US/O=ISRG/CN=Root YE"),
    "yr1": (RSA2, LE + "YR1"), "ye1": (P384, LE + "YE1"), "r12": (RSA2, LE + "R12"), "e7": (P384, LE + "E7"),
    "own": (P256, "/O=Example Corp/CN=Example Corp Root CA"), "again": (P256, "/O=Example Corp/CN=Example Corp Root CA"),
    "own1": (P256, "/O=Example Corp/CN=Example Corp Issuing CA 1"),
    "twin1": (P256, "/O=Example Corp/CN=Example Corp Issuing CA 1"),
    "own2": (P256, "/O=Example Corp/CN=Example Corp Issuing CA 2"),
    "frail": (WEAK, "/O=Example Corp/CN=Example Corp Old CA"),
    "mysql": (RSA2, "/CN=MySQL_Server_8.0.36_Auto_Generated_CA_Certificate"),
    "rds2019": (RSA2, AMAZON + "Root 2019 CA"), "rdsg1": (RSA2, AMAZON + "us-east-1 Root CA RSA2048 G1"),
    "rdssub": (RSA2, AMAZON + "us-east-1 Subordinate CA RSA2048 G1.A.1"),
    "zscaler": (RSA2, "/C=US/O=Zscaler Inc./CN=Zscaler Root CA"),
    "zscaler1": (RSA2, "/C=US/O=Zscaler Inc./CN=Zscaler Intermediate Root CA (zscalertwo.net)"),
    "leaf": (RSA2, f"/CN={OWN_HOST}"), "ec": (P256, f"/CN={OWN_HOST}"), "weak": (WEAK, f"/CN={OWN_HOST}"),
    "unnamed": (P256, "/"), "auto": (RSA2, "/CN=MySQL_Server_8.0.36_Auto_Generated_Server_Certificate"),
}


@dataclass(frozen=True)
class Made:
    """One certificate. `days`: from when to when, counted from now."""
    issuer: str = None
    kind: str = "server"
    days: tuple = (-10, 80)
    san: str = f"DNS:{OWN_HOST}"
    digest: str = "sha256"


def root(*days):
    return Made(None, "authority", days or (-2000, 3000))


def upper(issuer, days=(-440, 650), kind="intermediate", **more):
    return Made(issuer, kind, days, **more)


def crossed(issuer, *days):
    return upper(issuer, days or (-190, 2100), "crossed")


CERTIFICATES = {  # in the order of making: an issuer before what it signs
    # Let's Encrypt's
    "x1": root(-4100, 3100), "x2": root(-2270, 5000), "x2-x1": crossed("x1"), "x2-x1old": crossed("x1", -2270, -430),
    "yr": root(-440, 6800), "ye": root(-440, 6800), "yr-x1": crossed("x1"), "ye-x2": crossed("x2"),
    "yr-x1old": crossed("x1", -600, -5), "yr-x1soon": crossed("x1", -600, 9), "yr-soon": root(-600, 5),
    "yr1": upper("yr"), "yr1-old": upper("yr", (-900, -4)), "yr1-soon": upper("yr", (-900, 12)), "ye1": upper("ye"),
    "r12": upper("x1", (-980, 110)), "e7": upper("x2", (-980, 110)),
    "leaf": Made("yr1"), "ec": Made("ye1"), "leaf-r12": Made("r12"), "ec-e7": Made("e7"),
    "unnamed": Made("ye1", days=(-10, 35)),
    "leaf-old": Made("yr1", days=(-100, -3)), "leaf-soon": Made("yr1", days=(-80, 10)),
    "leaf-tomorrow": Made("yr1", days=(3, 93)), "leaf-fresh": Made("yr1", days=(2, 92)),
    "leaf-elsewhere": Made("yr1", san="DNS:gateway01.us-east-1.prod.aws.tidbcloud.com"),
    "leaf-oldelsewhere": Made("yr1", days=(-100, -3), san="DNS:gateway01.us-east-1.prod.aws.tidbcloud.com"),
    "leaf-nosan": Made("yr1", "nameless"), "leaf-address": Made("yr1", san=f"DNS:{OWN_HOST},IP:{ZONES[0]}"),
    "leaf-client": Made("yr1", "client"), "leaf-self": Made(None),
    # A company's own
    "own": root(), "own-old": root(-3000, -8), "own-soon": root(-3000, 15), "again": root(), "own1": upper("own"),
    "own1-open": upper("own", kind="crossed"), "own2-below": upper("own1"), "own1-elsewhere": upper("own", kind="elsewhere"),
    "own1-powerless": upper("own", kind="powerless"), "own1-again": upper("again"),
    "own1-unlinked": upper("again", kind="unlinked-authority"), "twin1": upper("own"),
    "own1-sha1": upper("own", digest="sha1"), "frail": upper("own"), "weak": Made("own1"), "ec-own": Made("own1"),
    "ec-deep": Made("own2-below"), "ec-sha1": Made("own1", digest="sha1"), "ec-frail": Made("frail"),
    "ec-unlinked": Made("own1", "unlinked"),
    # A server's own, a vendor's, a device's
    "mysql": root(-30, 3620), "auto": Made("mysql", "nameless", (-30, 3620)), "rds2019": root(), "rdsg1": root(),
    "rdssub": upper("rdsg1"), "leaf-rds": Made("rdssub"), "zscaler": root(), "zscaler1": upper("zscaler"),
    "leaf-opened": Made("zscaler1", days=(-1, 13)),
}


def key_of(certificate):
    return certificate.split("-")[0]


class Chains:
    """Files of certificates: what a server sends, what a client trusts."""

    def __init__(self, cache):
        self.directory = made_today(cache, "chains", own_text(__file__, os.path.dirname(__file__) + "/certificates.py"),
                                    self._make)

    @staticmethod
    def _make(directory):
        workshop = Workshop(directory, OWN_HOST, ANY + KINDS)
        for name, (kind, _) in KEYS.items():
            workshop.key(name, *kind)
        for name, made in CERTIFICATES.items():
            key = key_of(name)
            workshop.issue(name, KEYS[key][1], key, made.issuer, made.kind, made.days, made.san, made.digest)

    def text(self, certificates):
        parts = []
        for name in certificates:
            with open(f"{self.directory}/{name}.crt", encoding="ascii") as file:
                parts.append(file.read())
        return "".join(parts)

    def key(self, certificate):
        return f"{self.directory}/{key_of(certificate)}.key"
