import socket

import pytest


def test_no_test_reaches_another_machine():
    with socket.socket() as door, pytest.raises(UserWarning, match=r"192\.0\.2\.1"):
        door.connect(("192.0.2.1", 80))


def test_a_test_reaches_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as door:
        assert door.getpeername() == server.getsockname()
