"""A stand-in for the gateway of TiDB Cloud Starter and Essential, which nobody can run here. It is not the gateway.

It says what documentation and public threads quote (failure catalogue §2.5, §3.3, §3.5), word for word, and nothing else.
What they do not tell is not imitated, and nothing may be concluded from how the stand-in does it: the capability word and the
plugin of its greeting, the order of its refusals (here: TLS, prefix, then the cluster's own), whether an unknown prefix is
1105 or 1045, and what a firewall rule says, whose words are made up on purpose.

It is a script for standin.py.
"""

PREFIX = "3pTAoNNegb47Uc8"  # the documentation's own example of a cluster's prefix
VERSION = "8.0.11-TiDB-v8.5.3-serverless"  # t8y2/dbx issue 906

# t8y2/dbx issue 906, MartialBE/one-hub issue 333, pingcap/tidb issue 45628
INSECURE = [1105, "HY000", "Connections using insecure transport are prohibited. See "
                           "https://docs.pingcap.com/tidbcloud/secure-connections-to-serverless-tier-clusters"]
# public threads; the documentation's section "User name prefix"
NO_PREFIX = [1105, "HY000", "Missing user name prefix"]
# public threads; the number is not in them
UNKNOWN_PREFIX = [1105, "HY000", "Access denied. Please check your user name and password. See "
                                 "https://docs.pingcap.com/tidbcloud/select-cluster-tier#user-name-prefix"]
# documentation, usage quota; public threads
QUOTA = [1105, "HY000", "Due to the usage quota being exhausted, access to the cluster has been restricted"]
# walinejs/waline issue 1790: the cluster itself, which sees the gateway's address
WRONG_PASSWORD = [1045, "28000", f"Access denied for user '{PREFIX}.root'@'10.0.99.54' (using password: YES)"]
MADE_UP = [1105, "HY000", "Connection is not permitted from this network"]

STATES = {"healthy": [], "quota-exhausted": [{"error": QUOTA}], "wrong-password": [{"error": WRONG_PASSWORD}],
          "network-not-listed": [{"error": MADE_UP}]}


def script(endpoint, state):
    """`endpoint`: public asks for TLS, private does not (PingCAP, secure-connections-to-serverless-clusters)."""
    rules = [{"tls": False, "error": INSECURE}] if endpoint == "public" else []
    rules.append({"user": r"^[^.]*$", "error": NO_PREFIX})
    rules.append({"user": rf"^(?!{PREFIX}\.)", "error": UNKNOWN_PREFIX})
    return {"version": VERSION, "rules": rules + STATES[state]}
