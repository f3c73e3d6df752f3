"""One POST: to the checked address, without redirects, within the deadline, and little is read."""

import datetime as dt
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations import outbound
from integrations.errors import AddressRefusedError, UnreachableError
from tests.integrations.stand_in import standing_in


@pytest.fixture
def trusted(settings):
    """Serve, with the host named in the settings, as whoever runs the machine would."""
    settings.COUNTERSIGN_WEBHOOK_HOSTS = ["127.0.0.1"]
    return standing_in


def test_it_arrives_as_it_was_sent(trusted):
    with trusted(lambda _: (202, "fine")) as there:
        answer = outbound.post(there.url, b'{"a":1}', {"Content-Type": "application/json"})
    headers, body = there.got[0]
    assert (answer.status, answer.body, body) == (202, b"fine", b'{"a":1}')
    assert (headers["Host"], headers["User-Agent"]) == (there.host, "Countersign")


def test_without_the_setting_nothing_leaves_for_this_machine(settings):
    settings.COUNTERSIGN_WEBHOOK_HOSTS = []
    with standing_in(lambda _: (200, "")) as there, pytest.raises(AddressRefusedError):
        outbound.post(there.url, b"{}", {})
    assert there.got == []


def test_a_redirect_is_an_answer_and_is_not_followed(trusted):
    with trusted(lambda _: (302, "", {"Location": "http://127.0.0.1/elsewhere"})) as there:
        assert outbound.post(there.url, b"{}", {}).status == 302
    assert len(there.got) == 1


def test_n02_of_a_long_answer_the_beginning_is_read(trusted):
    with trusted(lambda _: (200, "x" * 1_000_000)) as there:
        assert len(outbound.post(there.url, b"{}", {}).body) == outbound.MOST_READ


def test_n02_the_name_is_looked_up_once_and_that_address_is_used(settings, monkeypatch):
    """A name that answers a public address first and the loopback afterwards (DNS rebinding)."""
    settings.COUNTERSIGN_WEBHOOK_HOSTS = []
    answers = iter(["93.184.216.34", "127.0.0.1"])
    asked, went = [], []

    def look_up(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address, **_):
        went.append(address)
        raise OSError("no way there")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(UnreachableError):
        outbound.post("https://hooks.example.com/", b"{}", {})
    assert (asked, went) == (["hooks.example.com"], [("93.184.216.34", 443)])


def test_one_private_address_among_several_refuses_them_all(settings, monkeypatch):
    settings.COUNTERSIGN_WEBHOOK_HOSTS = []
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in ("93.184.216.34", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(AddressRefusedError):
        outbound.check("https://hooks.example.com/")


@pytest.mark.parametrize("says", ["nothing", "a byte now and then"])
def test_n02_who_does_not_answer_in_time_is_left(trusted, monkeypatch, says):
    monkeypatch.setattr(outbound, "DEADLINE", 0.3)
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def trickle():
        connection, _ = server.accept()
        with connection:
            while not stop.wait(0.05):
                if says != "nothing":
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        with pytest.raises(UnreachableError, match="No answer within"):
            outbound.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
    finally:
        stop.set()
        thread.join()
        server.close()


def test_what_is_no_http_is_no_answer(trusted):
    server = socket.create_server(("127.0.0.1", 0))

    def talk():
        connection, _ = server.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(b"SSH-2.0-OpenSSH\r\n")

    thread = threading.Thread(target=talk)
    thread.start()
    with pytest.raises(UnreachableError, match="No answer"):
        outbound.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
    thread.join()
    server.close()


@pytest.fixture
def by_tls(tmp_path, monkeypatch):
    """A server with a certificate for hooks.example.com, which that name leads to; and a context that trusts it."""
    certificate, key = certificate_for("hooks.example.com", tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with standing_in(lambda _: (200, "safe"), context) as there:
        port = int(there.host.partition(":")[2])
        place = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [place])
        there.url = f"https://hooks.example.com:{port}/"
        there.trusts_it = ssl.create_default_context(cafile=certificate)
        yield there


def test_tls_is_checked_for_the_name_although_the_connection_goes_to_a_number(
    by_tls, settings, monkeypatch
):
    settings.COUNTERSIGN_WEBHOOK_HOSTS = ["hooks.example.com", "other.example.com"]
    with pytest.raises(UnreachableError, match="certificate is not valid"):
        outbound.post(by_tls.url, b"{}", {})
    monkeypatch.setattr(outbound, "_tls", lambda: by_tls.trusts_it)
    assert outbound.post(by_tls.url, b"{}", {}).body == b"safe"
    with pytest.raises(UnreachableError, match="certificate is not valid"):
        outbound.post(by_tls.url.replace("hooks.", "other."), b"{}", {})
    assert len(by_tls.got) == 1


def certificate_for(name, folder):
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files
