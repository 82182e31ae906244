"""核验阳光交易归档包：python verify.py 归档文件夹 [--key 日志公钥串 …]。只用标准库和 cryptography，不含平台的任何代码。

Checks an exported archive; nothing here comes from the platform. docs/archive.md says what is hashed and signed. It has
to fit 300 lines, so it is laid out by hand: what a function does stands beside its name.
"""
# fmt: off
# ruff: noqa: ANN001, ANN002, ANN201, ANN204, B020, D102, D103, E401, E701, E704, E731, I001, PLR2004, RUF007
import base64, decimal, hashlib, io, json, math, operator, re, statistics, sys, tarfile
from decimal import Decimal
from pathlib import Path
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

FIELD, ED = 2**255 - 19, -121665 * pow(121666, -1, 2**255 - 19)  # edwards25519 (RFC 8032)
ED_BASE = (15112221349535400772501151409588531511454012693041857206046113283949847762202, 4 * pow(5, -1, FIELD) % FIELD)
PRIME, ORDER = 2**256 - 2**224 - 2**96 + 2**64 - 1, 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SM2_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93  # GB/T 32918.5; a = p - 3
SM2_BASE = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
            0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
SM2_KEY = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d03420004")  # stands before x ‖ y in a certificate
SM2_SIGNED, CODES = "1.2.156.10197.1.501", ("2.5.4.97", "2.5.4.5")  # in certificates: the algorithm, whose code it is
ENVELOPE = re.compile(rb"\x04\x0c(.{12})\x02\x01\x10\x80(?:[^\x80-\xff]|\x81.|\x82..|\x83...|\x84....)", re.DOTALL)
LISTS, RECEIPT = ("tagmanifest-sha256.txt", "manifest-sha256.txt"), "yangguang-archive-signature/1"
SIGNS = {"<": operator.lt, "<=": operator.le, "=": operator.eq, "!=": operator.ne, ">=": operator.ge, ">": operator.gt}
SPREAD = {  # the vocabulary of docs/scoring.md: what works on numbers, and in REDUCE what works on one set of numbers
    "add": lambda *values: sum(values), "sub": lambda left, right: left - right, "abs": lambda of: +abs(of),
    "mul": lambda *values: math.prod(values), "div": lambda left, right: left / right,
    "clamp": lambda of, low=-math.inf, high=math.inf: min(max(of, low), high),
    "round": lambda of, places, mode="half_up": of.quantize(Decimal(f"1E{-places}"), f"ROUND_{mode.upper()}"),
    "compare": lambda left, comparison, right: Decimal(SIGNS[comparison](left, right)),
    "choose": lambda when, then, otherwise: then if when else otherwise,
    "band": lambda of, table: max((row for row in table if row[0] <= of), default=table[0])[1],
    "interpolate": lambda of, table: next((y + (b - y) * (of - x) / (a - x) for (x, y), (a, b) in
        zip(table[:-1], table[1:], strict=True) if x <= of < a), table[0 if of < table[0][0] else -1][1])}
REDUCE = {
    "count": len, "sum": lambda of: sum(of.values()), "min": lambda of, empty=None: min(of.values(), default=empty),
    "mean": lambda of, empty=None: sum(of.values()) / len(of) if of else empty,
    "median": lambda of, empty=None: statistics.median(of.values()) if of else empty,
    "max": lambda of, empty=None: max(of.values(), default=empty),
    "trim": lambda of, highest=0, lowest=0, at_least=0: {key: of[key] for i, (_, key) in
        enumerate(sorted((of[key], key) for key in of)) if lowest <= i < len(of) - highest or len(of) < at_least},
    "select": lambda of, where: {key: of[key] for key in of if where[key]},
    "pick": lambda of, drawn, count: {k: of[k] for k in sorted(of, key=lambda k: (drawn[k], k))[:int(count)]},
    "rank": lambda of, order: {k: 1 + sorted(of.values(), reverse=order == "highest").index(of[k]) for k in of}}

def need(fine, text):  # stops a check with what is wrong, unless it is fine
    if not fine: raise ValueError(text)
def sha256(data): return hashlib.sha256(data).digest()
def number(data): return int.from_bytes(data, "big")
def sm3(data):  # GB/T 32905
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()
def labelled(*parts):  # SHA-256 over a label and its parts, each with its length in front, in hexadecimal
    parts = [part.encode() if isinstance(part, str) else part for part in parts]
    return sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hex()
def untar(data):  # the files of a tar archive by name
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar: return {one.name: tar.extractfile(one).read() for one in tar}

def times(factor, point, add):  # a point added to itself; None is the neutral one
    total = None
    while factor:
        total, point, factor = add(total, point) if factor & 1 else total, add(point, point), factor >> 1
    return total
def sm2_add(p, q):  # the sum of two points of the SM2 curve
    if p is None or q is None or (p[0] == q[0] and p != q): return q if p is None else p if q is None else None
    top, bottom = (3 * p[0] * p[0] - 3, 2 * p[1]) if p == q else (q[1] - p[1], q[0] - p[0])
    slope = top * pow(bottom, -1, PRIME)
    x = (slope * slope - p[0] - q[0]) % PRIME
    return x, (slope * (p[0] - x) - p[1]) % PRIME
def check_sm2(key, signature, data):  # a signature by GB/T 32918.2 with SM3 and the usual identity, by the key x ‖ y
    (r, s), x, y = utils.decode_dss_signature(signature), number(key[:32]), number(key[32:])
    numbers = b"".join(one.to_bytes(32, "big") for one in (PRIME - 3, SM2_B, *SM2_BASE, x, y))
    digest, t = sm3(sm3(b"\0\x80" + b"1234567812345678" + numbers) + data), (r + s) % ORDER
    need(0 < r < ORDER and 0 < s < ORDER and t and (y * y - x**3 + 3 * x - SM2_B) % PRIME == 0, "SM2 签名或公钥不合规")
    point = sm2_add(times(s, SM2_BASE, sm2_add), times(t, (x, y), sm2_add)) or (0, 0)
    need((number(digest) + point[0] - r) % ORDER == 0, "SM2 签名不成立")
def check_signed(certificate, signature, data, kind=None):  # by its key: SM2, RSA (PKCS#1 v1.5), ECDSA or Ed25519
    try: key, kind = certificate.public_key(), kind or hashes.SHA256()
    except UnsupportedAlgorithm:
        return check_sm2(certificate.tbs_certificate_bytes.split(SM2_KEY)[1][:64], signature, data)
    more = (ec.ECDSA(kind),) if isinstance(key, ec.EllipticCurvePublicKey) else ()
    return key.verify(signature, data, *((padding.PKCS1v15(), kind) if isinstance(key, rsa.RSAPublicKey) else more))
def ed_add(p, q):  # the sum of two points of edwards25519
    (a, b), (c, d) = p or (0, 1), q
    k = ED * a * b * c * d
    return (a * d + b * c) * pow(1 + k, -1, FIELD) % FIELD, (b * d + a * c) * pow(1 - k, -1, FIELD) % FIELD
def ed_point(data):  # the point that 32 bytes encode (RFC 8032 section 5.1.3), or None
    y, odd = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    square = (y * y - 1) * pow(ED * y * y + 1, -1, FIELD) % FIELD
    root = pow(square, (FIELD + 3) // 8, FIELD)
    x = next((x for x in (root, root * pow(2, (FIELD - 1) // 4, FIELD) % FIELD) if x * x % FIELD == square), None)
    return None if x is None or y >= FIELD or (x == 0 and odd) else (x if x & 1 == odd else FIELD - x, y)
def vrf_output(public, alpha, proof):  # what a proof of ECVRF-EDWARDS25519-SHA512-TAI shows (RFC 9381 section 5.3)
    sha512 = lambda data: hashlib.sha512(b"\x03" + data + b"\0").digest()
    key, gamma = ed_point(public), ed_point(proof[:32])
    challenge, response = (int.from_bytes(part, "little") for part in (proof[32:48], proof[48:80]))
    tried = (ed_point(sha512(b"\x01" + public + alpha + bytes([i]))[:32]) for i in range(256))
    hashed = next(point for point in (times(8, one, ed_add) for one in tried if one) if point != (0, 1))
    u, v = (ed_add(times(response, base, ed_add), times(challenge, (FIELD - x, y), ed_add))
            for base, (x, y) in ((ED_BASE, key), (hashed, gamma)))
    told = [(y | (x & 1) << 255).to_bytes(32, "little") for x, y in (key, hashed, gamma, u, v, times(8, gamma, ed_add))]
    fine = sha512(b"\x02" + b"".join(told[:5]))[:16] == proof[32:48] and times(8, key, ed_add) != (0, 1)
    need(fine, "随机数证明（VRF）不成立")
    return sha512(b"\x03" + told[5])

def open_note(note, keys):  # the text of a note (C2SP signed-note) that each of the log's keys signed, and nobody else
    text, _, tail = note.decode().rpartition("\n\n")
    for key, line in zip(keys, tail.removesuffix("\n").split("\n"), strict=True):
        (name, serial, rest), data = key.split("+", 2), f"{text}\n".encode()
        material, signed = base64.b64decode(rest), base64.b64decode(line.rpartition(" ")[2])
        exact = line == f"— {name} {base64.b64encode(signed).decode()}" and tail.endswith("\n")
        identity = sha256(f"{name}\n".encode() + material)[:4]
        need(exact and signed[:4] == identity and identity.hex() == serial, "签名不是本日志的密钥所作，或写法不合规")
        if material[:-64] == b"\xffyangguang-sm2-sm3/v1\x04": check_sm2(material[-64:], signed[4:], data)
        else: ed25519.Ed25519PublicKey.from_public_bytes(material[1:]).verify(signed[4:], data)
    return f"{text}\n"
def cut(size): return 1 << (size - 1).bit_length() - 1  # where a tree of two or more leaves falls into halves
def tree(leaves):  # the root over leaf hashes (RFC 9162 section 2.1.1)
    half = cut(max(len(leaves), 2))
    return sha256(b"\1" + tree(leaves[:half]) + tree(leaves[half:])) if leaves[half:] else (leaves or [sha256(b"")])[0]
def climb(leaf, index, size, path):  # the root that an inclusion proof leads to (RFC 9162 section 2.1.3.2)
    if size == 1: return b"" if path else leaf
    half = cut(size)
    inner = climb(leaf, index % half, half if index < half else size - half, path[:-1])
    return sha256(b"\1" + (inner + path[-1] if index < half else path[-1] + inner))
def grow(old, new, path, known):  # both roots that a consistency proof leads to (RFC 9162 section 2.1.4.2)
    if old == new: return [known, known] if known and not path else [path[0], path[0]]
    half = cut(new)
    roots = grow(old, half, path[:-1], known) if old <= half else grow(old - half, new - half, path[:-1], None)
    right = [sha256(b"\1" + path[-1] + root) for root in roots]
    return [roots[0], sha256(b"\1" + roots[1] + path[-1])] if old <= half else right

def mapped(change, given):  # a nested value with every leaf changed
    if isinstance(given, dict): return {key: mapped(change, given[key]) for key in sorted(given)}
    return [mapped(change, item) for item in given] if isinstance(given, list) else change(given)
def perform(op, values, named):  # one step of a scoring: on numbers, or key by key on sets of them
    sets = [value for value in (*values, *named.values()) if isinstance(value, dict)]
    if not sets or (op in REDUCE and not any(isinstance(inner, dict) for inner in named["of"].values())):
        return (SPREAD | REDUCE)[op](*values, **named)
    need(all(one.keys() == sets[0].keys() for one in sets), f"{op}：各项的投标不一致")
    at = lambda value, key: value[key] if isinstance(value, dict) else value
    return {k: perform(op, [at(v, k) for v in values], {n: at(v, k) for n, v in named.items()}) for k in sets[0]}
def score(method, inputs):  # every value of a scoring and each bid's place, from the method and the inputs alone
    known, order, settings = mapped(Decimal, inputs), {}, ("mode", "comparison", "order", "places")
    read = lambda leaf: known[leaf] if leaf in known else Decimal(leaf)
    with decimal.localcontext(decimal.Context(method["precision"], "ROUND_HALF_EVEN", -60, 60)):
        for step in method["steps"]:
            given = {key: step[key] for key in step if key not in ("name", "op", "label", "unit")}
            named = {key: value if key in settings else mapped(read, value) for key, value in given.items()}
            known[step["name"]] = mapped(lambda n: Decimal(n) + 0, perform(step["op"], named.pop("values", ()), named))
    for key in (method["ranking"], *(tie for tie in method["ranking"]["tie_breaks"] if tie != "parallel")):
        for bid, value in known[key.get("total", key.get("by"))].items():
            order[bid] = (*order.get(bid, ()), -value if key["order"] == "highest" else value)
    return known, {bid: 1 + sum(other < mine for other in order.values()) for bid, mine in order.items()}

class Archive:
    """An archive under check; `member` is the file read last, which is named when a check stops."""

    def __init__(self, root, trusted):
        self.root, self.trusted, self.member, self.problems, self.told = Path(root), set(trusted), "", [], {}
    def read(self, name):
        self.member = name
        return (self.root / name).read_bytes()
    def json(self, name): return json.loads(self.read(f"data/{name}.json"))
    def folder(self, name): return [(one, self.read(one)) for one in sorted(self.digests) if one.startswith(f"data/{name}/")]
    def kept(self, digest):  # the bytes of a kept file
        return self.read(next((one for one in self.digests if f"/evidence/{digest}." in one), f"data/evidence/{digest}"))
    def done(self, *acts): return [entry for entry in self.entries if entry["act"] in acts]
    def bag(self):  # every file is there, none besides, none changed, and the platform signed the lists
        found = {path.relative_to(self.root).as_posix(): path for path in self.root.rglob("*")
                 if path.is_symlink() or not path.is_dir() or not any(path.iterdir())}
        text = "\n".join(self.read(name).decode(errors="replace") for name in LISTS if name in found)
        self.digests = {line[66:]: line[:64] for line in text.split("\n") if line}
        for name in sorted({*found, *self.digests} - {LISTS[0], "signature.note"}):
            real = name in found and found[name].is_file() and not found[name].is_symlink()
            actual = sha256(found[name].read_bytes()).hex() if real else ""
            misnamed = "/evidence/" in name and not name.startswith(f"data/evidence/{actual}.")
            why = "缺少" if name not in found else "多出" if name not in self.digests else "内容已被改动"
            self.problems += [f"{name}：{why}，与清单不符"] if self.digests.get(name) != actual or misnamed else []
        self.trade = self.json("trade")
        self.keys = self.trade["log"]["keys"]
        need(self.trusted <= set(self.keys), "日志公钥中没有 --key 给出的公钥")
        signed = open_note(self.read("signature.note"), self.keys)
        need(signed == f"{RECEIPT}\n{sha256(self.read(LISTS[0])).hex()}\n", "内容已被改动，与平台签名的摘要不符")
        return f"归档的 {len(found)} 个文件不多不少，没有改动；清单有平台的 Ed25519 和 SM2 签名"
    def checkpoint(self, name):  # size and root of a signed checkpoint
        origin, size, root, *_ = open_note(self.read(f"data/log/{name}.txt"), self.keys).split("\n")
        need(origin == self.trade["log"]["origin"], "不是本日志的检查点")
        return int(size), base64.b64decode(root)
    def log(self):  # every entry is in the signed log; the log only grew; the entries are a chain
        proofs, entries, (size, root) = self.json("log/proofs"), self.folder("log/entries"), self.checkpoint("checkpoint")
        for (self.member, raw), proof in zip(entries, proofs["entries"], strict=True):
            path = [bytes.fromhex(one) for one in proof["sha256"]]
            need(climb(sha256(b"\0" + raw), proof["index"], size, path) == root, "不在日志树中")
        for proof in proofs["checkpoints"]:
            old, before = self.checkpoint(f"checkpoints/{proof['size']:012d}")
            path = [bytes.fromhex(one) for one in proof["sha256"]]
            need(grow(old, size, path, before) == [before, root], "不是同一日志的较早状态")
        self.registration, self.entries = json.loads(entries[0][1]), self.chained(entries[1:], sha256(b"\0" + entries[0][1]).hex())
        need(self.entries[-1]["act"] == "archive_trade", "最后一条记录不是归档")
        return f"{len(entries)} 条见证记录首尾相连，都在 {size} 条的日志树中；日志只增不改"
    def chained(self, members, previous):  # the entries of a chain: each has its number and the hash of the one before
        entries, stage = [json.loads(raw) for _, raw in members], ""
        for i, ((self.member, raw), entry) in enumerate(zip(members, entries, strict=True), start=1):
            links = [self.trade["stream"], i, previous, stage or entry["from"]]
            need([entry[name] for name in ("stream", "sequence", "previous", "from")] == links, "与前一条记录不衔接")
            previous, stage = sha256(b"\0" + raw).hex(), entry["to"]
        return entries
    def seals(self):  # size and root published at the deadline; receipts; what was concealed, opened with its salts
        members, opened = self.folder("log/sealed"), self.json("log/opened")
        self.sealed, self.withheld = self.chained(members, ""), {one["sha256"] for one in opened["withheld"]}
        self.deadline = max((one["data"]["deadline"] for one in self.entries if "deadline" in one["data"]), default="")
        leaves = [sha256(b"\0" + raw) for _, raw in members]
        for entry in self.done("close_bidding"):
            fine = entry["at"] > self.deadline >= max((one["at"] for one in self.sealed), default="")
            same = [entry["data"]["sealed"][name] for name in ("size", "sha256")] == [len(members), tree(leaves).hex()]
            need(fine and same, "封存记录与截止时公布的总数、树根不符，或有截止之后的记录")
        for self.member, note in self.folder("receipts"):
            facts = json.loads(open_note(note, self.keys).split("\n")[1])
            need(facts["leaf"]["sha256"] == leaves[facts["sequence"] - 1].hex(), "回执没有兑现")
        self.member = "data/log/opened.json"
        for one in opened["concealed"]:
            entry, digest = self.entries[one["sequence"] - 1], labelled("yangguang/concealed/1", bytes.fromhex(one["salt"]), one["text"])
            need(digest == entry["data"].pop("concealed"), f"第 {one['sequence']} 条记录的评审内容与当时的摘要不符")
            self.told.setdefault(entry["act"], []).append(json.loads(one["text"]))
        need(not any("concealed" in one["data"] for one in self.entries), "评审内容没有全部公开")
        for entries, one in [(self.entries, one) for one in opened["parties"]] + [(self.sealed, one) for one in opened["sealed_parties"]]:
            party = labelled("yangguang/party/1", bytes.fromhex(one["salt"]), one["organisation"])
            need(party == entries[one["sequence"] - 1]["actor"]["party"], f"{one['organisation']} 与记录不符")
        return f"{len(members)} 条封存记录与截止时公布的总数和树根相符，{len(self.folder('receipts'))} 张回执全部兑现"
    def signature(self, signed, data, at, owners):  # valid then, under a recognised CA, and of one of the owners
        certificate = x509.load_der_x509_certificate(base64.b64decode(signed["certificate"]))
        check_signed(certificate, base64.b64decode(signed["value"]), data)
        (root,) = (one for one in self.roots if one.subject == certificate.issuer)
        gm = certificate.signature_algorithm_oid.dotted_string == SM2_SIGNED
        kind = None if gm else certificate.signature_hash_algorithm
        check_signed(root, certificate.signature, certificate.tbs_certificate_bytes, kind)
        codes = [one.value.rpartition("-")[2] for one in certificate.subject if one.oid.dotted_string in CODES] or [""]
        began, ends = certificate.not_valid_before_utc.isoformat(), certificate.not_valid_after_utc.isoformat()
        need(began[:19] <= at[:19] <= ends[:19] and codes[0] in owners, "签名证书当时无效，或不属于签名人")
    def files(self):  # every file an entry names is here as it was; every signature over one for this act holds
        self.roots, count = [x509.load_pem_x509_certificate(one.encode()) for one in self.trade["roots"]], 0
        hidden = {one["sha256"] for entry in (*self.sealed, *self.done("object_to_document")) for one in entry["files"]}
        need(self.withheld <= hidden, "不公开的文件超出撤回的投标和未投标单位的异议")
        for entry in (self.registration, *self.entries, *self.sealed):
            owners = [entry["actor"].get("organisation", ""), entry["act"] == "sign_contract" and entry["data"]["winner"]]
            for before, file in zip([{"name": ""}, *entry["files"]], entry["files"], strict=False):
                if file["sha256"] in self.withheld: continue
                data = self.kept(file["sha256"])
                need((len(data), sm3(data).hex()) == (file["size"], file["sm3"]), "与见证记录中的摘要不符")
                if file["name"] == f"{before['name']}.sig":
                    lines = ("yangguang-signed-file/1", entry["act"], entry["stream"], before["sha256"], before["sm3"], "")
                    self.signature(json.loads(data), "\n".join(lines).encode(), entry["at"], owners)
                    count += 1
        return f"见证记录提到的文件齐全（依法不公开的 {len(self.withheld)} 个除外），{count} 个电子签名全部有效"
    def opened(self, sealed, keys, at):  # the bidder and files of a sealed bid, opened with the released keys
        parts, release, files = untar(self.kept(sealed)), json.loads(self.kept(keys)), {}
        raw, signed = parts["manifest.json"], release["signed"]
        manifest = json.loads(raw)
        heading = [manifest[name] for name in ("tender", "lot", "bidder")]
        text = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        self.signature(json.loads(parts["manifest.sig.json"]), raw, manifest["created_at"], heading[2:])
        self.signature(release["signature"], text, at, heading[2:])
        fine = signed["manifest"] == sha256(raw).hex() and signed["created_at"] > self.deadline[:19]
        need(fine and heading[:2] == [self.trade["stream"], self.trade["lot"]], "属于别的标段或投标文件，或早于截止时间")
        for part in manifest["parts"]:
            key, data = bytes.fromhex(signed["keys"][part["name"]]), parts[part["file"]]
            held = [sha256(data).hex(), labelled("yangguang/content-key/1", *heading, part["name"], key)]
            start, cipher = ENVELOPE.search(data), algorithms.SM4 if manifest["suite"] == "GM" else algorithms.AES256
            decryptor = Cipher(cipher(key), modes.GCM(start[1], data[-16:])).decryptor()
            plain = decryptor.update(memoryview(data)[start.end():-18]) + decryptor.finalize()
            held.append(labelled("yangguang/opened-part/1", key, sha256(plain)))
            need(held == [part[n] for n in ("sha256", "key_commitment", "opened_commitment")], "密文、密钥或内容与承诺不符")
            files |= {(part["name"], name): one for name, one in untar(plain).items()}
        need(all(self.kept(sha256(one).hex()) == one for one in files.values()), "没有附上解密所得的文件")
        return heading[2], files
    def bids(self):  # the list is what stood at the deadline; each bid opens to what its bidder had signed
        standing, self.prices = {}, {}
        for data, entry in ((one["data"], one) for one in self.sealed):
            if entry["act"] in ("submit_bid", "replace_bid"): standing[data["bid"]] = entry["sequence"]
            standing.pop(data["bid"] if entry["act"] == "withdraw_bid" else data.get("replaces"), None)
        for data in (one["data"] for one in self.done("announce_bidders")):
            listed = {one["bid"]: one["sealed_entry"] for one in data.get("bids", ())}
            need(data["count"] == len(standing) and listed in (standing, {}), "公布的名单与封存的投标不符")
            self.bidders = {one["bid"]: one["bidder"] for one in data.get("bids", ())}
        for entry in self.done("open_bid"):
            bid, keys = entry["data"]["bid"], [one["sha256"] for one in entry["files"]]
            bidder, files = self.opened(bid, keys[0], entry["at"])
            need(bidder == self.bidders[bid] and entry["at"] > self.deadline, "不是名单上的投标人，或早于截止时间")
            self.prices[bid] = Decimal(json.loads(files["price", "price.json"])["amount"])
        for entry in self.done("announce_bids"):
            told = {one["bid"]: Decimal(one["price"]) for one in entry["data"]["bids"] if one["price"]}
            need(told == self.prices, "唱标价格与投标文件不符")
        return f"截止时有效投标 {len(standing)} 份，{len(self.prices)} 份在截止后用投标人交出的密钥解密，内容与其签名的承诺一致"
    def draws(self):  # commitments, reveals, VRF and order of each draw (RFC 3797), who was called and seated
        self.drawn, raw, seated, folder = {}, bytes.fromhex, [], self.folder("draws")
        for self.member, told in folder:
            pool, mine = json.loads(told)["draw"]["pool"], json.loads(told)["draw"]["draw_id"]
            of = lambda *acts, mine=mine: [one["data"] for one in self.done(*acts) if one["data"]["draw"] == mine]
            (start,), (end,), calls = of("open_draw"), of("complete_draw"), of("record_expert_reply")
            promised, parties = {one["party"]: raw(one["commitment"]) for one in of("commit_to_draw")}, start["parties"]
            shown = {one["party"]: raw(one["nonce"]) for one in of("reveal_for_draw")}
            kept = [labelled("yangguang/draw/commitment/v1", mine, one, shown[one]) == promised[one].hex() for one in shown]
            root = tree([sha256(b"\0" + raw(leaf)) for leaf in pool])
            fine = root.hex() == start["pool_root"] and set(promised) == set(parties) and len(shown) > 1
            need(fine and all(kept), "抽取池、各方承诺或揭示与事先公布的不符")
            pairs = [(one, promised[one], b"\1" + shown[one] if one in shown else b"\0" + promised[one]) for one in parties]
            alpha = labelled("yangguang/draw/alpha/v1", start["kind"], mine, root, *(x for one in pairs for x in one[:2]))
            output = vrf_output(raw(self.trade["vrf_public"]), raw(alpha), raw(end["vrf_proof"]))
            entered = (x for one in pairs for x in one[::2])
            seed = labelled("yangguang/draw/seed/v1", start["kind"], mine, root, output, *entered)
            left, turns = list(range(len(pool))), [turn.to_bytes(2, "big") for turn in range(len(pool))]
            order = [left.pop(number(sha256(turn + f"{seed.upper()}/".encode() + turn)) % len(left)) for turn in turns]
            called = [one["position"] for one in calls] == order[:len(calls)]
            need(seed == end["seed"] and called, "种子或通知专家的顺序与重算不符")
            if start["kind"] == "parameter":
                leaf = labelled("yangguang/draw/leaf/v1", mine, raw(end["salt"]), end["value"])
                need(end["position"] == order[0] and pool[order[0]] == leaf, "抽中的参数与抽取顺序不符")
                self.drawn[start["subject"]] = end["value"]
            for data in of("record_expert_reply", "replace_member", "form_committee"):
                seated = [one for one in seated if one != data.get("position")]
                seated += [data["position"]] if data.get("reply") == "accepted" else []
                need(data.get("positions", seated) == seated, "评标委员会不是抽取后应召的专家")
        return f"{len(folder)} 次抽取按各方事先承诺的随机数和 VRF 重算一致；抽中的参数：{self.drawn or '无'}"
    def scores(self):  # the method of the tender document, run again on what was opened, drawn and marked
        self.places, told = {}, self.told
        for entry in self.done("compute_results"):
            terms = [one["sha256"] for other in self.entries for one in other["files"] if one["name"] == "结构化条款"]
            method, codes = json.loads(self.kept(terms[-1]))["scoring"], told["close_review"][0]["codes"]
            valid = self.prices.keys() - {one["bid"] for one in told.get("reject_bid", ())}
            need(set(codes.values()) == valid, "有效投标与开标、否决记录不符")
            limit = self.done("announce_bids")[0]["data"]["limit_price"]
            given = {"price": {bid: self.prices[bid] for bid in valid}, "limit_price": limit, **self.drawn}
            of = {item: name for name, one in method["inputs"].items() for item in one.get("items", ())}
            sheets = (*told.get("score_technical", ()), *told.get("score_business", ()))
            for sheet, (item, mark) in ((sheet, pair) for sheet in sheets for pair in sheet["marks"].items()):
                marks = given.setdefault(of[item], {}).setdefault(codes.get(sheet["for"], sheet["for"]), {})
                marks.setdefault(f"seat-{sheet['seat']}", {})[item] = mark
            file, given = json.loads(self.kept(entry["files"][0]["sha256"])), {name: given[name] for name in method["inputs"]}
            same = file["description"] == method and mapped(Decimal, file["inputs"]) == mapped(Decimal, given)
            need(same, "评分办法不是公布的办法，或输入与开标、抽取、评委打分不符")
            known, self.places = score(method, given)
            self.totals, steps = known[method["ranking"]["total"]], file["result"]["trace"]
            need(all(mapped(Decimal, step["value"]) == known[step["name"]] for step in steps), "演算步骤的结果不符")
            ranking = {bid: one["rank"] for one in told["compute_results"][0]["ranking"] for bid in one["bids"]}
            need(ranking == self.places, "排名与重算不符")
        return f"按招标文件公布的办法重算 {len(self.places)} 份有效投标的得分和排名，每一步一致"
    def award(self):  # candidates, award and contract follow from the ranking
        left, winner, price = {}, None, None
        for entry in self.done("publish_candidates", "record_drop_out", "award", "sign_contract"):
            self.member, data = f"data/log/entries/{entry['sequence']:06d}.json", entry["data"]
            for one in data.get("candidates", ()):
                left[one["bidder"]] = bid = one["bid"]
                same = [self.bidders[bid], self.places[bid], self.prices[bid]] == [one["bidder"], one["rank"], Decimal(one["price"])]
                need(same and abs(self.totals[bid] - Decimal(one["total"])) <= Decimal("0.00005"), "候选人公示与排名不符")
            if entry["act"] == "record_drop_out": del left[data["bidder"]]
            if entry["act"] == "award":
                winner, price = data["bidder"], self.prices[left[data["bidder"]]]
                free = self.registration["data"]["state_controlled"] is False
                need((winner == next(iter(left)) or free) and Decimal(data["price"]) == price, "中标人不是排名最前且未放弃的候选人")
            need(entry["act"] != "sign_contract" or (data["winner"], Decimal(data["price"])) == (winner, price), "合同与中标不符")
        return f"中标人 {winner}，中标价 {price} 元，符合公示的排名和法定顺序" if winner else "没有中标人"

def main(arguments):  # prints what was proved, or what is wrong and where; 0 when all of it holds
    archive = Archive(arguments[0], [key for flag, key in zip(arguments, arguments[1:], strict=False) if flag == "--key"])
    for name in ("bag", "log", "seals", "files", "bids", "draws", "scores", "award"):
        try: archive.problems or print(f"✓ {getattr(archive, name)()}")
        except Exception as error:  # noqa: BLE001 - whatever a forged archive makes fail is a problem of that archive
            archive.problems.append(f"{archive.member}：{str(error) or '签名不成立'}（{type(error).__name__}）")
    print("\n".join(f"✗ {problem}" for problem in archive.problems))
    print("" if archive.trusted else "注意：没有用 --key 指定日志公钥，以上以归档自带的公钥为准 (keys taken from the archive).")
    print("核验不通过 FAILED" if archive.problems else "核验通过 VERIFIED")
    return 1 if archive.problems else 0
if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
