"""A cloud's instance metadata service: `metadata.py JSON` on 169.254.169.254 and, for Alibaba, 100.100.100.200.

AWS's is IMDSv2: a token by PUT first, without one 401. What it says of the instance is in the JSON: provider, region,
zone, vpc, groups, cidr, and `ahead_s`, by how much its clock (the Date header) is ahead of this host's.
"""

import email.utils
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAC = "0a:1b:2c:3d:4e:5f"


def aws(said):
    interface = f"network/interfaces/macs/{MAC}/"
    values = {
        "placement/region": said["region"], "placement/availability-zone": said["zone"],
        "placement/availability-zone-id": "use1-az4", "instance-id": "i-0123456789abcdef0", "mac": MAC,
        "local-ipv4": "10.0.1.10", "network/interfaces/macs/": MAC + "/", "security-groups": "app-servers",
        interface + "vpc-id": said["vpc"], interface + "subnet-id": "subnet-0a1b2c3d4e5f60718",
        interface + "vpc-ipv4-cidr-block": said["cidr"], interface + "vpc-ipv4-cidr-blocks": said["cidr"],
        interface + "subnet-ipv4-cidr-block": "10.0.1.0/24", interface + "security-group-ids": "\n".join(said["groups"]),
    }
    document = {"region": said["region"], "availabilityZone": said["zone"], "instanceId": "i-0123456789abcdef0",
                "privateIp": "10.0.1.10"}
    pages = {f"/latest/meta-data/{path}": value for path, value in values.items()}
    pages["/latest/dynamic/instance-identity/document"] = json.dumps(document)
    return pages


def azure(said):
    interface = {"ipv4": {"ipAddress": [{"privateIpAddress": "10.0.1.10", "publicIpAddress": ""}],
                          "subnet": [{"address": "10.0.1.0", "prefix": "24"}]}, "macAddress": "000D3A000001"}
    compute = {"azEnvironment": "AzurePublicCloud", "location": said["region"], "zone": said["zone"],
               "vmId": "02aab8a4-74ef-476e-8182-f6d2ba4166a6", "name": "app-1", "resourceGroupName": "app",
               "subscriptionId": "8d10da13-8125-4ba9-a717-bf7490507b3d", "provider": "Microsoft.Compute"}
    pages = {"/metadata/instance": json.dumps({"compute": compute, "network": {"interface": [interface]}}),
             "/metadata/instance/compute": json.dumps(compute)}
    for key, value in compute.items():
        pages[f"/metadata/instance/compute/{key}"] = value
    return pages


def gcp(said):
    zone = f"projects/123456789/zones/{said['zone']}"
    root = "/computeMetadata/v1/instance/"
    nic = {"network": "projects/123456789/networks/default", "ip": "10.0.1.10", "subnetmask": "255.255.255.0",
           "gateway": "10.0.1.1", "mac": "42:01:0a:00:01:0a"}
    pages = {root + "zone": zone, root + "id": "5312347891234567890", root + "name": "app-1", root + "hostname": "app-1.internal"}
    for key, value in nic.items():
        pages[f"{root}network-interfaces/0/{key}"] = value
    pages[root.rstrip("/")] = json.dumps({"id": 5312347891234567890, "zone": zone, "networkInterfaces": [nic]})
    return pages


def alibaba(said):
    values = {"region-id": said["region"], "zone-id": said["zone"], "instance-id": "i-bp1234567890abcdefgh",
              "vpc-id": said["vpc"], "vswitch-id": "vsw-bp1234567890abcdefgh", "vpc-cidr-block": said["cidr"],
              "vswitch-cidr-block": "10.0.1.0/24", "private-ipv4": "10.0.1.10", "mac": "00:16:3e:00:00:01",
              "network/interfaces/macs/": "00:16:3e:00:00:01/",
              "network/interfaces/macs/00:16:3e:00:00:01/security-group-ids": "\n".join(said["groups"])}
    return {f"/latest/meta-data/{path}": value for path, value in values.items()}


PROVIDERS = {"aws": aws, "azure": azure, "gcp": gcp, "alibaba": alibaba}
TOKENS = {"aws": "/latest/api/token", "alibaba": "/latest/api/token"}
# What a request must carry, as each vendor demands it.
DEMANDED = {"aws": ("X-aws-ec2-metadata-token", "token"), "azure": ("Metadata", "true"),
            "gcp": ("Metadata-Flavor", "Google"), "alibaba": None}


class Handler(BaseHTTPRequestHandler):
    said, pages = {}, {}
    protocol_version = "HTTP/1.1"

    def answer(self, status, text=""):
        body = text.encode()
        self.send_response_only(status)
        self.send_header("Date", email.utils.formatdate(time.time() + self.said["ahead_s"], usegmt=True))
        self.send_header("Server", {"aws": "EC2ws", "gcp": "Metadata Server for VM"}.get(self.said["provider"], "nginx"))
        if self.said["provider"] == "gcp":
            self.send_header("Metadata-Flavor", "Google")
        self.send_header("Content-Type", "application/json" if text.startswith("{") else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        known = self.path == TOKENS.get(self.said["provider"])
        self.answer(200, "token") if known else self.answer(404)

    def do_GET(self):
        demanded = DEMANDED[self.said["provider"]]
        if demanded and self.headers.get(demanded[0], "").lower() != demanded[1].lower():
            return self.answer(401 if self.said["provider"] == "aws" else 400)
        path = self.path.split("?", 1)[0]
        for known in (path, path.rstrip("/"), path + "/"):
            if known in self.pages:
                return self.answer(200, self.pages[known])
        return self.answer(404)

    def log_message(self, *_):
        """Nothing to the terminal."""


def main():
    Handler.said = json.loads(sys.argv[1])
    Handler.pages = PROVIDERS[Handler.said["provider"]](Handler.said)
    address = "100.100.100.200" if Handler.said["provider"] == "alibaba" else "169.254.169.254"
    threading.Thread(target=ThreadingHTTPServer((address, 80), Handler).serve_forever).start()


if __name__ == "__main__":
    main()
