"""A root, a server's and a client's certificate, made with the openssl command line: not by the product's own code."""

import os
import ssl
import subprocess
import tempfile

HOST = "db.example.com"
_EXTENSIONS = f"""
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[server]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:{HOST}
[client]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = clientAuth
"""


class Certificates:
    """`path("root.crt")` and so on; the server's is good for 80 days."""

    def __init__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="plumb-cli-tls-")
        with open(self.path("settings"), "w", encoding="ascii") as file:
            file.write(_EXTENSIONS)
        for root in ("root", "other"):
            self._issue(root, f"/O=Tests/CN={root}", "root", None)
        self._issue("server", f"/CN={HOST}", "server", "root")
        with open(self.path("server.chain"), "w", encoding="ascii") as chain:
            for part in ("server.crt", "root.crt"):
                with open(self.path(part), encoding="ascii") as file:
                    chain.write(file.read())
        self._issue("client", "/CN=plumb client", "client", "root")

    def close(self):
        self._directory.cleanup()

    def path(self, name):
        return os.path.join(self._directory.name, name)

    def server(self, demand_client=False, newest=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path("server.chain"), self.path("server.key"))
        if newest:
            context.maximum_version = newest
        if demand_client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.path("root.crt"))
        return context

    def _issue(self, name, subject, kind, issuer):
        self._openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
        words = ["req", "-new", "-config", "settings", "-key", f"{name}.key", "-subj", subject]
        if issuer is None:
            self._openssl(*words, "-x509", "-days", "3000", "-extensions", kind, "-out", f"{name}.crt")
            return
        self._openssl(*words, "-out", f"{name}.csr")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.crt", "-CAkey", f"{issuer}.key",
                      "-CAcreateserial", "-days", "80", "-extfile", "settings", "-extensions", kind,
                      "-out", f"{name}.crt")

    def _openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self._directory.name, check=True, capture_output=True)
