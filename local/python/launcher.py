"""Runs one emulator in this process: `launcher.py ministack` or `launcher.py moto PORT`.

Standard input is the lifeline: it is a pipe that whoever started us holds open and never writes to. When it closes,
its holder is gone, however it died, and the whole process group (the emulator and its Lambda workers) ends.
"""

import json
import os
import runpy
import signal
import sys
import threading
import time

GRACE_SECONDS = 2

# Whoever signs with this access key id speaks as an AWS service: see local/emulators/service-events.ts.
SERVICE_CREDENTIAL = "Credential=AWSSERVICE/"


def end_with_the_holder() -> None:
    while os.read(0, 1024):
        pass
    if not hasattr(os, "killpg"):  # Windows: the workers end as their own standard input closes
        os._exit(0)
    # An emulator may take its time to say goodbye, or hang; the second signal can't be refused.
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


def let_services_put_events() -> None:
    """MiniStack refuses a source that starts with `aws.`, as AWS does to a customer; its services may put one."""
    from ministack.services import eventbridge

    handle_for_customers = eventbridge.handle_request

    async def handle_request(method, path, headers, body, query_params):
        is_service = SERVICE_CREDENTIAL in headers.get("authorization", "")
        if is_service and headers.get("x-amz-target", "").endswith(".PutEvents"):
            eventbridge._ensure_default_bus()
            return eventbridge._put_events(json.loads(body), allow_aws_source=True)
        return await handle_for_customers(method, path, headers, body, query_params)

    eventbridge.handle_request = handle_request


def main() -> None:
    threading.Thread(target=end_with_the_holder, daemon=True).start()
    name, *arguments = sys.argv[1:]
    if name == "ministack":
        let_services_put_events()
        sys.argv = ["ministack"]
        runpy.run_module("ministack", run_name="__main__")
    elif name == "moto":
        (port,) = arguments
        sys.argv = ["moto_server"]
        from moto.server import main as serve

        serve(["--host", "127.0.0.1", "--port", port])
    else:
        sys.exit(f"launcher.py knows ministack and moto, not {name}")


main()
