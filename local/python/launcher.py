"""Runs one emulator in this process: `launcher.py ministack` or `launcher.py moto PORT`.

Standard input is the lifeline: it is a pipe that whoever started us holds open and never writes to. When it closes,
its holder is gone, however it died, and the whole process group (the emulator and its Lambda workers) ends.
"""

import os
import runpy
import signal
import sys
import threading
import time

GRACE_SECONDS = 2


def end_with_the_holder() -> None:
    while os.read(0, 1024):
        pass
    if not hasattr(os, "killpg"):  # Windows: the workers end as their own standard input closes
        os._exit(0)
    # An emulator may take its time to say goodbye, or hang; the second signal can't be refused.
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    threading.Thread(target=end_with_the_holder, daemon=True).start()
    name, *arguments = sys.argv[1:]
    if name == "ministack":
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
