"""The shapes of chains, one row each: what the server sends, what the client trusts, OpenSSL's code, plumb's cause.

`code` is that of X509_verify_cert(3) with the name and the time checked, as `openssl verify` says it. `cause` is the
finding that must come first, and `says` what its summary must name: the reason, in plumb's own words. Chains that are
accepted have a cause only where something ends soon.
"""

from dataclasses import dataclass, field

DAY = 86400
ROOT_X1, ROOT_X2 = "ISRG Root X1", "ISRG Root X2"
RSA, ECDSA = ("leaf", "yr1", "yr-x1"), ("ec", "ye1", "ye-x2", "x2-x1")


@dataclass(frozen=True)
class Shape:
    name: str
    sent: tuple  # leaf first
    trusted: tuple
    code: int = 0
    cause: str = ""
    says: tuple = ()
    confidence: str = "certain"
    beside: tuple = ()  # further findings that must be there
    host: str = "name"  # or "address": what the client asks for
    ahead_s: int = 0    # by how much the metadata service's clock is ahead of the client's
    name_only: bool = field(default=False)  # the only fault is the name, which verify-ca does not ask for


SHAPES = (
    # Let's Encrypt's today, complete
    Shape("rsa", RSA, ("x1",)),
    Shape("ecdsa, empty subject", ("unnamed", *ECDSA[1:]), ("x1",)),
    Shape("ecdsa, X1 trusted", ECDSA, ("x1",)),
    Shape("ecdsa, X2 trusted", ECDSA, ("x2",)),
    Shape("ecdsa, both trusted", ECDSA, ("x1", "x2")),
    Shape("ecdsa up to X2, X2 trusted", ECDSA[:3], ("x2",)),
    Shape("rsa, three roots trusted", RSA, ("own", "x2", "x1")),
    Shape("wrong order", ("leaf", "yr-x1", "yr1"), ("x1",)),
    Shape("unrelated ones beside", ("leaf", "zscaler1", "yr1", "rdsg1", "yr-x1"), ("x1",)),
    Shape("root sent along", (*RSA, "x1"), ("x1",)),
    # and broken
    Shape("cross-signature left out", ("leaf", "yr1"), ("x1",), 20, "tls-server-missing-intermediate",
          ("Root YR", "cross-sign"), "likely"),
    Shape("self-signed Root YR instead", ("leaf", "yr1", "yr"), ("x1",), 19, "tls-self-signed-in-chain",
          ("Root YR", "cross-sign"), "likely"),
    Shape("ecdsa up to X2, X1 trusted", ECDSA[:3], ("x1",), 20, "tls-trust-anchor-too-old-or-x1-only",
          (ROOT_X2, ROOT_X1)),
    Shape("E7 by X2, X1 trusted", ("ec-e7", "e7"), ("x1",), 20, "tls-trust-anchor-too-old-or-x1-only",
          (ROOT_X2, ROOT_X1)),
    Shape("expired bridge X2 by X1", (*ECDSA[:3], "x2-x1old"), ("x1",), 10, "tls-trust-anchor-too-old-or-x1-only",
          (ROOT_X1, "expired"), "likely"),
    Shape("expired bridge, both trusted", (*ECDSA[:3], "x2-x1old"), ("x1", "x2")),
    Shape("same, and the leaf expired", ("leaf-old", "yr1", "yr-x1", "x2-x1old"), ("x1", "x2"), 10,
          "tls-certificate-expired", ("3 days",)),
    Shape("R12 pinned, YR1 signs", RSA, ("r12",), 20, "tls-pinned-intermediate-retired", ("R12", "YR1")),
    Shape("R12 pinned, R12 signs", ("leaf-r12", "r12"), ("r12",), 2, "tls-pinned-intermediate-retired", ("R12",)),
    Shape("leaf only", ("leaf",), ("x1",), 20, "tls-server-missing-intermediate", ("YR1",)),
    # dates
    Shape("leaf expired", ("leaf-old", *RSA[1:]), ("x1",), 10, "tls-certificate-expired", ("mysql.lab.example", "3 days")),
    Shape("intermediate expired", ("leaf", "yr1-old", "yr-x1"), ("x1",), 10, "tls-certificate-expired", ("YR1", "4 days")),
    Shape("cross-signature expired", ("leaf", "yr1", "yr-x1old"), ("x1",), 10, "tls-certificate-expired",
          ("Root YR", "signed by CN=ISRG Root X1", "5 days")),
    Shape("expired cross, another sent", ("leaf", "yr1", "yr-x1old", "yr-x1"), ("x1",)),
    Shape("expired cross, YR trusted", ("leaf", "yr1", "yr-x1old"), ("x1", "yr")),
    Shape("root in the file expired", ("ec-own", "own1"), ("own-old",), 10, "tls-certificate-expired",
          ("Example Corp Root CA", "8 days", "trusted root")),
    Shape("leaf from the day after next", ("leaf-tomorrow", *RSA[1:]), ("x1",), 9, "tls-clock-skew",
          ("begins", "says the same"), "possible"),
    Shape("client's clock behind", ("leaf-fresh", *RSA[1:]), ("x1",), 9, "tls-clock-skew", ("begins", "behind"),
          ahead_s=4 * DAY),
    Shape("client's clock ahead", ("leaf-old", *RSA[1:]), ("x1",), 10, "tls-clock-skew", ("ended", "ahead"),
          ahead_s=-8 * DAY),
    Shape("leaf expired and other name", ("leaf-oldelsewhere", *RSA[1:]), ("x1",), 62, "tls-certificate-expired",
          ("3 days",), beside=("tls-hostname-mismatch",)),
    Shape("leaf ends soon", ("leaf-soon", *RSA[1:]), ("x1",), 0, "tls-certificate-expires-soon", ("9 days",)),
    Shape("intermediate ends soon", ("leaf", "yr1-soon", "yr-x1"), ("x1",), 0, "tls-chain-expires-soon",
          ("YR1", "11 days")),
    Shape("cross-signature ends soon", ("leaf", "yr1", "yr-x1soon"), ("x1",), 0, "tls-chain-expires-soon",
          ("Root YR", "8 days")),
    Shape("ending cross, another sent", ("leaf", "yr1", "yr-x1soon", "yr-x1"), ("x1",)),
    Shape("ending cross, YR trusted", ("leaf", "yr1", "yr-x1soon"), ("x1", "yr")),
    Shape("root in the file ends soon", ("ec-own", "own1"), ("own-soon",), 0, "tls-chain-expires-soon",
          ("Example Corp Root CA", "14 days", "trusted root")),
    # names
    Shape("other name", ("leaf-elsewhere", *RSA[1:]), ("x1",), 62, "tls-hostname-mismatch", ("tidbcloud.com",),
          name_only=True),
    Shape("name in CN only", ("leaf-nosan", *RSA[1:]), ("x1",)),
    Shape("address in SAN", ("leaf-address", *RSA[1:]), ("x1",), host="address"),
    Shape("address not in SAN", RSA, ("x1",), 64, "tls-ip-literal-host", ("mysql.lab.example",), host="address",
          name_only=True),
    # what a certificate may do, and how strong it is
    Shape("weak key of the leaf", ("weak", "own1"), ("own",), 66, "tls-weak-certificate", ("RSA-1024",)),
    Shape("weak key of the issuer", ("ec-frail", "frail"), ("own",), 67, "tls-weak-certificate", ("RSA-1024", "Old CA")),
    Shape("SHA-1 signs the leaf", ("ec-sha1", "own1"), ("own",), 68, "tls-weak-certificate", ("mysql.lab.example", "SHA-1")),
    Shape("SHA-1 signs the intermediate", ("ec-own", "own1-sha1"), ("own",), 68, "tls-weak-certificate",
          ("Issuing CA 1", "SHA-1")),
    Shape("intermediate without CA:TRUE", ("ec-own", "own1-powerless"), ("own",), 79, "tls-certificate-invalid",
          ("Issuing CA 1", "CA:TRUE")),
    Shape("path too long", ("ec-deep", "own2-below", "own1"), ("own",), 25, "tls-certificate-invalid",
          ("Issuing CA 1", "path length")),
    Shape("name constraint violated", ("ec-own", "own1-elsewhere"), ("own",), 47, "tls-certificate-invalid",
          ("mysql.lab.example", "name constraints")),
    Shape("leaf for clients only", ("leaf-client", *RSA[1:]), ("x1",), 26, "tls-certificate-invalid",
          ("mysql.lab.example", "serverAuth")),
    Shape("intermediate of another key", ("ec-unlinked", "twin1"), ("own",), 7, "tls-certificate-invalid",
          ("mysql.lab.example", "signature")),
    # other authorities
    Shape("private, root trusted", ("ec-own", "own1"), ("own",)),
    Shape("private, leaf alone", ("ec-own",), ("own",), 20, "tls-server-missing-intermediate", ("Issuing CA 1",), "likely"),
    Shape("private, issuer of other key", ("ec-own", "twin1"), ("own",), 20, "tls-server-missing-intermediate",
          ("Issuing CA 1", "another key"), "likely"),
    Shape("private, unsorted", ("ec-deep", "own1-open", "own2-below"), ("x1",), 20,
          "tls-wrong-ca-for-deployment", ("Example Corp Root CA",), "likely"),
    Shape("private, X1 trusted", ("ec-own", "own1", "own"), ("x1",), 19, "tls-wrong-ca-for-deployment",
          ("Example Corp Root CA",), "likely"),
    Shape("X1's chain, private trusted", RSA, ("own",), 20, "tls-wrong-ca-for-deployment", (ROOT_X1,)),
    Shape("root made again, same name", ("ec-own", "own1-again"), ("own",), 20, "tls-wrong-ca-for-deployment",
          ("Example Corp Root CA", "same name"), "likely"),
    Shape("same, no key identifiers", ("ec-own", "own1-unlinked"), ("own",), 7, "tls-wrong-ca-for-deployment",
          ("Example Corp Root CA", "same name"), "likely"),
    Shape("self-signed", ("leaf-self",), ("x1",), 18, "tls-self-signed-leaf", ("mysql.lab.example",)),
    Shape("MySQL's own", ("auto", "mysql"), ("x1",), 19, "tls-self-signed-leaf", ("MySQL_Server_8.0.36",), "likely"),
    Shape("MySQL's own, alone", ("auto",), ("x1",), 20, "tls-self-signed-leaf", ("MySQL_Server_8.0.36",), "likely"),
    Shape("MySQL's own, its ca.pem", ("auto", "mysql"), ("mysql",), 62, "tls-hostname-mismatch", ("no name at all",),
          name_only=True),
    Shape("RDS G1, file of 2019", ("leaf-rds", "rdssub", "rdsg1"), ("rds2019",), 19, "tls-rds-ca-outdated",
          ("us-east-1 Root CA",)),
    Shape("RDS G1, root not sent", ("leaf-rds", "rdssub"), ("rds2019",), 20, "tls-rds-ca-outdated", ("us-east-1 Root CA",)),
    Shape("RDS G1, both trusted", ("leaf-rds", "rdssub"), ("rds2019", "rdsg1")),
    Shape("opened on the way", ("leaf-opened", "zscaler1", "zscaler"), ("x1",), 19, "tls-middlebox-intercept",
          ("Zscaler",), "likely"),
    Shape("opened, root not sent", ("leaf-opened", "zscaler1"), ("x1",), 20, "tls-middlebox-intercept",
          ("Zscaler",), "likely"),
)
