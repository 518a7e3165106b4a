"""A private hierarchy of the shape that Let's Encrypt's has since its generation Y.

    Root X1 (in the client's CA file) --signs--> Root YR (cross-signed) --signs--> YR1 --signs--> leaf

The server sends leaf, YR1 and the cross-signed Root YR. Made with the openssl command line, because the
product's TLS code must not judge certificates that it made itself, and kept for the day in build/lab-cache. Inside the
lab that directory is /run/lab/pki: saved evidence names the CA file, and must not name this machine's checkout.
"""

import datetime
import hashlib
import os
import shutil
import subprocess
import tempfile

from enclosure import STATE
from vpc import OWN_HOST

SETTINGS = """
[ca]
default_ca = lab
[lab]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
email_in_dn = no
[any]
countryName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = supplied
[req]
distinguished_name = dn
prompt = no
[dn]
CN = replaced by -subj
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = ${ENV::SAN}
"""
# Of the deployments whose name is not the lab's own: leaf, who signs it, its names.
DEPLOYMENTS = (
    ("dedicated", "yr1", ("tidb.a1b2c3d4.clusters.tidb-cloud.com", "private-tidb.a1b2c3d4.clusters.tidb-cloud.com")),
    ("own", "yr1", ("db.corp.example", "premium.corp.example")),
    ("heatwave", "yr1", ("heatwave.corp.example",)),
    # Whether the gateway's real certificate is for its private name too nobody has told.
    ("gateway-private", "yr1", ("gateway01-privatelink.us-east-1.prod.aws.tidbcloud.com",)),
    ("gateway-alibaba", "yr1", ("gateway01.ap-southeast-1.prod.alicloud.tidbcloud.com",)),
    ("apsaradb", "yr1", ("rm-bp1234567890abcde.mysql.rds.aliyuncs.com",)),
    ("aurora", "rdsg1", ("shop.cluster-abc123.us-east-1.rds.amazonaws.com",)),
    ("rds-instance", "rdsg1", ("shop.abc123.us-east-1.rds.amazonaws.com",)),
)
AUTHORITIES = {  # key name: subject
    "x1": "/O=Plumb Lab Research Group/CN=Lab Root X1",
    "yr": "/O=Plumb Lab/CN=Root YR",
    "yr1": "/O=Plumb Lab/CN=YR1",
    "other": "/O=Somebody Else/CN=Other Root R1",
    "other1": "/O=Somebody Else/CN=Other Intermediate",
    "r12": "/C=US/O=Let's Encrypt/CN=R12",
    "le1": "/C=US/O=Internet Security Research Group/CN=ISRG Root X1",
    "le2": "/C=US/O=Internet Security Research Group/CN=ISRG Root X2",
    "ye": "/C=US/O=ISRG/CN=Root YE",
    "ye1": "/C=US/O=Let's Encrypt/CN=YE1",
    "yr1le": "/C=US/O=Let's Encrypt/CN=YR1",
    "rds2019": "/C=US/L=Seattle/O=Amazon Web Services, Inc./OU=Amazon RDS/CN=Amazon RDS Root 2019 CA",
    "rdsg1": "/C=US/L=Seattle/O=Amazon Web Services, Inc./OU=Amazon RDS/CN=Amazon RDS us-east-1 Root CA RSA2048 G1",
    "zs": "/C=US/O=Zscaler Inc./OU=Zscaler Inc./CN=Zscaler Root CA",
    "zs1": "/C=US/O=Zscaler Inc./OU=Zscaler Inc./CN=Zscaler Intermediate Root CA (zscalertwo.net)",
}


class Workshop:
    """Issues certificates in one directory."""

    def __init__(self, directory, host, settings=SETTINGS):
        self.directory, self.host = directory, host
        self.now = datetime.datetime.now(datetime.timezone.utc)
        self.write("settings", settings)
        self.write("index", "")

    def write(self, name, text):
        with open(f"{self.directory}/{name}", "w", encoding="ascii") as file:
            file.write(text)

    def join(self, name, *parts):
        texts = []
        for part in parts:
            with open(f"{self.directory}/{part}.crt", encoding="ascii") as file:
                texts.append(file.read())
        self.write(name, "".join(texts))

    def openssl(self, *words, san="DNS:unused"):
        subprocess.run(["openssl", *words], cwd=self.directory, check=True, capture_output=True,
                       env={**os.environ, "SAN": san})

    def key(self, name, algorithm="RSA", option="rsa_keygen_bits:2048"):
        self.openssl("genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", f"{name}.key")

    def issue(self, name, subject, key, issuer, kind, days, san="DNS:unused", digest="sha256"):
        """`days`: from when to when, counted from now. Without an issuer the certificate signs itself."""
        begin, end = ((self.now + datetime.timedelta(days=day)).strftime("%Y%m%d%H%M%SZ") for day in days)
        self.openssl("req", "-new", "-config", "settings", "-key", f"{key}.key", "-subj", subject,
                     "-out", "request", san=san)
        signer = (["-selfsign", "-keyfile", f"{key}.key"] if issuer is None
                  else ["-cert", f"{issuer}.crt", "-keyfile", f"{issuer.split('-')[0]}.key"])
        self.openssl("ca", "-config", "settings", "-batch", "-notext", "-in", "request", "-out", f"{name}.crt",
                     "-md", digest, "-extensions", kind, "-startdate", begin, "-enddate", end, *signer, san=san)

    def leaf(self, name, issuer, days=(-10, 80), host=None):
        host = host or self.host
        names = [host, OWN_HOST] if host == self.host else [host]
        self.leaf_of(name, issuer, names, days)

    def leaf_of(self, name, issuer, names, days=(-10, 80)):
        self.issue(name, f"/CN={names[0]}", "leaf", issuer, "server", days, san=",".join(f"DNS:{each}" for each in names))

    def make_all(self):
        for name in (*AUTHORITIES, "leaf"):
            self.key(name)
        years = (-1000, 3000)
        for name, subject, key, issuer in (("x1", "x1", "x1", None), ("yr-cross", "yr", "yr", "x1"),
                                           ("yr1", "yr1", "yr1", "yr-cross"), ("other", "other", "other", None),
                                           ("other1", "other1", "other1", "other")):
            self.issue(name, AUTHORITIES[subject], key, issuer, "authority", years)
        self.leaf("good", "yr1")
        self.leaf("wrong-name", "yr1", host="gateway.somewhere-else.example")
        self.leaf("expired", "yr1", days=(-100, -10))
        self.leaf("expires-soon", "yr1", days=(-80, 10))
        self.leaf("self-signed", None)
        self.leaf("foreign", "other1")
        self.leaf("not-yet", "yr1", days=(3, 90))
        self.leaf("gateway", "yr1", host="gateway01.us-east-1.prod.aws.tidbcloud.com")
        self.issue("expired-yr-cross", AUTHORITIES["yr"], "yr", "x1", "authority", (-900, -20))
        self.vendors(years)
        for name, issuer, names in DEPLOYMENTS:
            self.leaf_of(name, issuer, names)
            self.join(f"{name}.chain", name, issuer, *(["yr-cross"] if issuer == "yr1" else []))
        self.join("expired-cross.chain", "good", "yr1", "expired-yr-cross")
        self.join("with-root.chain", "good", "yr1", "yr-cross", "x1")
        for name in ("good", "gateway", "wrong-name", "expired", "expires-soon", "not-yet"):
            self.join(f"{name}.chain", name, "yr1", "yr-cross")
        self.join("without-cross.chain", "good", "yr1")
        self.join("missing-intermediate.chain", "good")
        self.join("self-signed.chain", "self-signed")
        self.join("foreign.chain", "foreign", "other1")
        self.join("root.pem", "x1")
        self.join("other-root.pem", "other")


    def vendors(self, years):
        """Chains of the shapes, and under the names, that the vendors' certificates have; none is the vendors' own."""
        for name, key, issuer in (("le1", "le1", None), ("le2", "le2", None), ("le2-cross", "le2", "le1"),
                                  ("r12", "r12", "le1"), ("yr1le", "yr1le", "le1"), ("ye", "ye", "le2"), ("ye1", "ye1", "ye"),
                                  ("rds2019", "rds2019", None), ("rdsg1", "rdsg1", None), ("zs", "zs", None), ("zs1", "zs1", "zs")):
            self.issue(name, AUTHORITIES[key], key, issuer, "authority", years)
        self.leaf("le-rsa", "yr1le")
        self.leaf("le-ecdsa", "ye1")
        self.leaf("rds", "rdsg1")
        self.leaf("intercepted", "zs1")
        self.join("le-rsa.chain", "le-rsa", "yr1le")
        self.join("le-ecdsa.chain", "le-ecdsa", "ye1", "ye")
        self.join("le-ecdsa-cross.chain", "le-ecdsa", "ye1", "ye", "le2-cross")
        self.join("rds.chain", "rds", "rdsg1")
        self.join("intercepted.chain", "intercepted", "zs1", "zs")
        for ca in ("le1", "r12", "rds2019", "rdsg1"):
            self.join(f"{ca}.pem", ca)
        self.join("le1-le2.pem", "le1", "le2")


def made_today(cache, name, recipe, make):
    """The directory that `make` fills, made at most once a day: until the recipe, a bytes, changes."""
    made = f"{cache}/{name}-{datetime.date.today().isoformat()}-{hashlib.sha256(recipe).hexdigest()[:16]}"
    if not os.path.isdir(made):
        os.makedirs(cache, exist_ok=True)
        directory = tempfile.mkdtemp(prefix="making-", dir=cache)
        make(directory)
        try:
            os.rename(directory, made)
        except OSError:  # another lab was faster
            shutil.rmtree(directory)
    return made


def own_text(*paths):
    texts = []
    for path in paths:
        with open(path, "rb") as file:
            texts.append(file.read())
    return b"".join(texts)


class Certificates:
    """Paths: root (what the client trusts), other_root, key, chain(name)."""

    def __init__(self, cache, host):
        made = made_today(cache, "pki", own_text(__file__) + host.encode(),
                          lambda directory: Workshop(directory, host).make_all())
        self.directory = f"{STATE}/pki"
        if os.path.islink(self.directory):  # an earlier lab's
            os.remove(self.directory)
        os.symlink(made, self.directory)
        self.root, self.other_root = f"{self.directory}/root.pem", f"{self.directory}/other-root.pem"
        self.key = f"{self.directory}/leaf.key"

    def chain(self, name):
        return f"{self.directory}/{name}.chain"

    def bundle(self, name):
        """A CA file: root, other-root, le1, le1-le2, r12, rds2019, rdsg1."""
        return f"{self.directory}/{name}.pem"
