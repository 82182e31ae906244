"""核验归档 python verify.py 归档文件夹 [--key 日志公钥串 …]: what is hashed and signed is told in docs/archive.md."""
import base64, collections, decimal, hashlib, io, json, math, operator, pathlib, re, statistics, sys, tarfile
from cryptography import exceptions, x509
from cryptography.hazmat.primitives import ciphers, hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
FIELD, ED = 2**255 - 19, -121665 * pow(121666, -1, 2**255 - 19)  # edwards25519 (RFC 8032)
ED_BASE = (15112221349535400772501151409588531511454012693041857206046113283949847762202, 4 * pow(5, -1, FIELD) % FIELD)
PRIME, ORDER = 2**256 - 2**224 - 2**96 + 2**64 - 1, 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SM2_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93  # GB/T 32918.5; a = p - 3
SM2_BASE = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
            0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
SM2_KEY = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d03420004")  # stands before x ‖ y in a certificate
ENVELOPE = re.compile(rb"\x04\x0c(.{12})\x02\x01\x10\x80(?:[^\x80-\xff]|\x81.|\x82..|\x83...|\x84....)", re.DOTALL)
Decimal, raw, sha256 = decimal.Decimal, bytes.fromhex, lambda data: hashlib.sha256(data).digest()
leaf, number = lambda entry: sha256(b"\0" + entry), lambda data, order="big": int.from_bytes(data, order)
PLAIN = re.compile("ask_|compute_|issue_report|object_|open_bid|record_guarantee|register_|replace_bid|submit_bid")
SIGNS = {"<": operator.lt, "<=": operator.le, "=": operator.eq, "!=": operator.ne, ">=": operator.ge, ">": operator.gt}
SPREAD = {  # the vocabulary of docs/scoring.md: what works on numbers, and in REDUCE what works on one set of numbers
    "add": lambda *values: sum(values), "sub": lambda left, right: left - right, "abs": lambda of: +abs(of),
    "div": lambda left, right: left / right, "clamp": lambda of, low=-math.inf, high=math.inf: min(max(of, low), high),
    "mul": lambda *values: math.prod(values), "choose": lambda when, then, otherwise: then if when else otherwise,
    "round": lambda of, places, mode="half_up": of.quantize(Decimal(f"1E{-places}"), f"ROUND_{mode.upper()}"),
    "compare": lambda left, comparison, right: Decimal(SIGNS[comparison](left, right)),
    "band": lambda of, table: max((row for row in table if row[0] <= of), default=table[0])[1],
    "interpolate": lambda of, table: next((y + (b - y) * (of - x) / (a - x) for (x, y), (a, b) in
        zip(table[:-1], table[1:], strict=True) if x <= of < a), table[0 if of < table[0][0] else -1][1])}
def some(function): return lambda of, empty=None: function([*of.values()]) if of else empty
REDUCE = {"count": len, "sum": lambda of: sum(of.values()), "mean": some(lambda given: sum(given) / len(given)),
    "median": some(statistics.median), "min": some(min), "max": some(max),
    "trim": lambda of, highest=0, lowest=0, at_least=0: {key: of[key] for i, (_, key) in
        enumerate(sorted((of[key], key) for key in of)) if lowest <= i < len(of) - highest or len(of) < at_least},
    "select": lambda of, where: {key: of[key] for key in of if where[key]},
    "pick": lambda of, drawn, count: {k: of[k] for k in sorted(of, key=lambda k: (drawn[k], k))[:int(count)]},
    "rank": lambda of, order: {k: 1 + sorted(of.values(), reverse=order == "highest").index(of[k]) for k in of}}
def need(fine, text):  # stops a check with what is wrong, unless it is fine
    if not fine: raise ValueError(text)
def sm3(data): state = hashes.Hash(hashes.SM3()); state.update(data); return state.finalize()
def labelled(*parts):  # SHA-256 over a label and its parts, each with its length in front, in hexadecimal
    data = (part.encode() if isinstance(part, str) else part for part in parts)
    return sha256(b"".join(len(part).to_bytes(8, "big") + part for part in data)).hex()
def untar(data):  # the files of a tar archive by name
    with tarfile.open(None, "r:", io.BytesIO(data)) as tar: return {m.name: tar.extractfile(m).read() for m in tar}
def times(factor, point, add, total=None):  # a point added to itself; None is the neutral one
    while factor: total, point, factor = add(total, point) if factor & 1 else total, add(point, point), factor >> 1
    return total
def sm2_add(p, q):  # the sum of two points of the SM2 curve
    if p is None or q is None or (p[0] == q[0] and p != q): return q if p is None else p if q is None else None
    top, bottom = (3 * p[0] * p[0] - 3, 2 * p[1]) if p == q else (q[1] - p[1], q[0] - p[0])
    slope = top * pow(bottom, -1, PRIME); x = (slope * slope - p[0] - q[0]) % PRIME
    return x, (slope * (p[0] - x) - p[1]) % PRIME
def check_sm2(key, signature, data):  # a signature by GB/T 32918.2 with SM3 and the usual identity, by the key x ‖ y
    (r, s), x, y = utils.decode_dss_signature(signature), number(key[:32]), number(key[32:64])
    numbers = b"".join(one.to_bytes(32, "big") for one in (PRIME - 3, SM2_B, *SM2_BASE, x, y))
    digest, t = number(sm3(sm3(b"\0\x80" + b"1234567812345678" + numbers) + data)), (r + s) % ORDER
    point, fine = sm2_add(times(s, SM2_BASE, sm2_add), times(t, (x, y), sm2_add)), 0 < r < ORDER and 0 < s < ORDER and t
    need(fine and (y**2 - x**3 + 3 * x - SM2_B) % PRIME == 0 == (digest + point[0] - r) % ORDER, "SM2 签名不成立")
def check_signed(own, value, data, kind=None):  # by a certificate's key: SM2, RSA (PKCS#1 v1.5), ECDSA, Ed25519
    try: key, kind = own.public_key(), kind or hashes.SHA256()
    except exceptions.UnsupportedAlgorithm: return check_sm2(own.tbs_certificate_bytes.split(SM2_KEY)[1], value, data)
    more = (ec.ECDSA(kind),) if isinstance(key, ec.EllipticCurvePublicKey) else ()
    return key.verify(value, data, *((padding.PKCS1v15(), kind) if isinstance(key, rsa.RSAPublicKey) else more))
def ed_add(p, q):  # the sum of two points of edwards25519
    (a, b), (c, d) = p or (0, 1), q; k = ED * a * b * c * d
    return (a * d + b * c) * pow(1 + k, -1, FIELD) % FIELD, (b * d + a * c) * pow(1 - k, -1, FIELD) % FIELD
def ed_point(data):  # the point that 32 bytes encode (RFC 8032 section 5.1.3), or None
    y, odd = number(data, "little") & (2**255 - 1), data[31] >> 7
    square = (y * y - 1) * pow(ED * y * y + 1, -1, FIELD) % FIELD; root = pow(square, (FIELD + 3) // 8, FIELD)
    x = next((x for x in (root, root * pow(2, (FIELD - 1) // 4, FIELD) % FIELD) if x * x % FIELD == square), None)
    return None if x is None or y >= FIELD or (x == 0 and odd) else (x if x & 1 == odd else FIELD - x, y)
def vrf_output(public, alpha, proof):  # what a proof of ECVRF-EDWARDS25519-SHA512-TAI shows (RFC 9381 section 5.3)
    sha512, key, gamma = lambda *data: hashlib.sha512(b"".join(data)).digest(), ed_point(public), ed_point(proof[:32])
    tried = (ed_point(sha512(b"\3\1", public, alpha, bytes([i, 0]))[:32]) for i in range(256))
    hashed = next(point for point in (times(8, one, ed_add) for one in tried if one) if point != (0, 1))
    challenge, response = number(proof[32:48], "little"), number(proof[48:80], "little")
    u, v = (ed_add(times(response, base, ed_add), times(challenge, (FIELD - x, y), ed_add))
            for base, (x, y) in ((ED_BASE, key), (hashed, gamma)))
    told = [(y | (x & 1) << 255).to_bytes(32, "little") for x, y in (key, hashed, gamma, u, v, times(8, gamma, ed_add))]
    need(sha512(b"\3\2", *told[:5], b"\0")[:16] == proof[32:48] and times(8, key, ed_add) != (0, 1), "VRF 证明不成立")
    return sha512(b"\3\3", told[5], b"\0")
def open_note(note, keys):  # the lines of a note (C2SP signed-note) that each of the log's keys signed, and nobody else
    text, _, tail = note.decode().rpartition("\n\n")
    for key, line in zip(keys, tail.removesuffix("\n").split("\n"), strict=True):
        (name, _, rest), signed, data = key.split("+", 2), base64.b64decode(line.split(" ")[-1]), f"{text}\n".encode()
        material = base64.b64decode(rest); mark = sha256(f"{name}\n".encode() + material)[:4]
        need([f"— {name} {base64.b64encode(signed).decode()}", tail[-1:], signed[:4]] == [line, "\n", mark], "签名不符")
        if material[:-64] == b"\xffyangguang-sm2-sm3/v1\x04": check_sm2(material[-64:], signed[4:], data)
        else: ed25519.Ed25519PublicKey.from_public_bytes(material[1:]).verify(signed[4:], data)
    return text.split("\n")
def cut(size): return 1 << (size - 1).bit_length() - 1  # where a tree of two or more leaves falls into halves
def tree(leaves):  # the root over leaf hashes (RFC 9162 section 2.1.1)
    half = cut(max(len(leaves), 2))
    return sha256(b"\1" + tree(leaves[:half]) + tree(leaves[half:])) if leaves[half:] else (leaves or [sha256(b"")])[0]
def climb(start, index, size, path):  # the root that an inclusion proof leads to (RFC 9162 section 2.1.3.2)
    if size == 1: return b"" if path else start
    half = cut(size); inner = climb(start, index % half, half if index < half else size - half, path[:-1])
    return sha256(b"\1" + (inner + path[-1] if index < half else path[-1] + inner))
def grow(old, new, path, known):  # both roots that a consistency proof leads to (RFC 9162 section 2.1.4.2)
    if old == new: return [known, known] if known and not path else [path[0], path[0]]
    half, last = cut(new), path[-1]
    if old > half: return [sha256(b"\1" + last + root) for root in grow(old - half, new - half, path[:-1], None)]
    before, after = grow(old, half, path[:-1], known); return [before, sha256(b"\1" + after + last)]
def mapped(change, given):  # a nested value with every leaf changed
    if isinstance(given, dict): return {key: mapped(change, given[key]) for key in sorted(given)}
    return [mapped(change, item) for item in given] if isinstance(given, list) else change(given)
def perform(op, values, named):  # one step of a scoring: on numbers, or key by key on sets of them
    sets = [value for value in (*values, *named.values()) if isinstance(value, dict)]
    if not sets or (op in REDUCE and not any(isinstance(inner, dict) for inner in named["of"].values())):
        return (SPREAD | REDUCE)[op](*values, **named)
    at = lambda value, key: value[key] if isinstance(value, dict) else value
    return {k: perform(op, [at(v, k) for v in values], {n: at(v, k) for n, v in named.items()}) for k in sets[0]}
def score(method, inputs):  # every value of a scoring and what the bids are ordered by, from method and inputs alone
    known, order = mapped(Decimal, inputs), {}; read = lambda item: known[item] if item in known else Decimal(item)
    with decimal.localcontext(decimal.Context(method["precision"], "ROUND_HALF_EVEN", -60, 60)):
        for step in method["steps"]:
            named = {key: value if key in ("mode", "comparison", "order", "places") else mapped(read, value)
                     for key, value in step.items() if key not in ("name", "op", "label", "unit")}
            known[step["name"]] = mapped(lambda n: Decimal(n) + 0, perform(step["op"], named.pop("values", ()), named))
    for key in (method["ranking"], *(tie for tie in method["ranking"]["tie_breaks"] if tie != "parallel")):
        for bid, value in known[key.get("total", key.get("by"))].items():
            order[bid] = (*order.get(bid, ()), -value if key["order"] == "highest" else value)
    return known, order
class Archive:  # an archive under check; `member` is the file read last, which is named when a check stops
    def __init__(self, root, trusted):
        self.root, self.trusted, self.member, self.told = pathlib.Path(root), trusted, "", collections.defaultdict(list)
        self.problems, self.prices, self.bidders, self.drawn, self.rank, self.standing = [], {}, {}, {}, {}, {}
    def read(self, name): self.member = name; return (self.root / name).read_bytes()
    def json(self, name): return json.loads(self.read(f"data/{name}.json"))
    def folder(self, name): return [(one, self.read(one)) for one in sorted(self.digests) if f"data/{name}/" in one]
    def kept(self, digest):  # a file by its digest
        data = self.read(next((n for n in self.digests if digest in n), f"data/evidence/{digest}"))
        need(sha256(data).hex() == digest, "与见证记录中的摘要不符"); return data
    def done(self, *acts): return [entry for entry in self.entries if entry["act"] in acts]
def bag(a):  # every file is there, none besides, none changed, and the platform signed the lists
    found = {one.relative_to(a.root).as_posix(): one for one in a.root.rglob("*")
             if one.is_symlink() or not one.is_dir() or not any(one.iterdir())}
    lists = [a.read(name).decode(errors="replace") for name in ("tagmanifest-sha256.txt", "manifest-sha256.txt")]
    a.digests = {line[66:]: line[:64] for line in "\n".join(lists).split("\n") if line}
    for name in sorted({*found, *a.digests} - {"tagmanifest-sha256.txt", "signature.note"}):
        real = name in found and name in a.digests and found[name].is_file() and not found[name].is_symlink()
        if not real: a.problems.append(f"{name}：缺少或多出的文件")
        elif sha256(found[name].read_bytes()).hex() != a.digests[name]: a.problems.append(f"{name}：已被改动")
    a.trade = a.json("trade"); a.keys = a.trade["log"]["keys"]
    signed, lists = open_note(a.read("signature.note"), a.keys), sha256(a.read("tagmanifest-sha256.txt")).hex()
    need(signed == ["yangguang-archive-signature/1", lists] and a.trusted <= {*a.keys}, "与平台签名或所给的 --key 不符")
def log(a):  # every entry is in the signed log; the log only grew; the entries are a chain
    proofs, entries, paths = a.json("log/proofs"), a.folder("log/entries"), lambda one: [*map(raw, one["sha256"])]
    notes = [open_note(note, a.keys) for a.member, note in a.folder("log/checkpoints")]
    states = [(int(size), base64.b64decode(root)) for _, size, root, *_ in notes]; size, root = states[-1]
    for (a.member, entry), proof in zip(entries, proofs["entries"], strict=True):
        need(climb(leaf(entry), proof["index"], size, paths(proof)) == root, "不在日志树中")
    for (old, before), proof in zip(states, proofs["checkpoints"], strict=True):
        need(grow(old, size, paths(proof), before) == [before, root], f"{old} 条时不是同一日志的较早状态")
    a.first, a.entries = entry_of(a, entries[0][1]), chained(a, entries[1:], leaf(entries[0][1]).hex())
    need(a.entries[-1]["act"] == "archive_trade", "最后一条记录不是归档")
def entry_of(a, member):  # what an entry says; long data stands in a file of its own
    entry = json.loads(member); data = entry["data"]
    return entry | {"data": json.loads(a.kept(data["in"]))} if data.keys() == {"in"} else entry
def chained(a, members, previous):  # the entries of a chain: each has its number and the hash of the one before
    entries, leaves = [entry_of(a, one) for _, one in members], [previous, *(leaf(one).hex() for _, one in members)]
    for i, (entry, (a.member, _)) in enumerate(zip(entries, members, strict=True)):
        links = [a.trade["stream"], i + 1, leaves[i], entries[i - 1]["to"] if i else entry["from"]]
        need([entry[name] for name in ("stream", "sequence", "previous", "from")] == links, "与前一条记录不衔接")
    return entries
def seals(a):  # size and root published at the deadline; receipts; what was concealed, opened with its salts
    members, told = a.folder("log/sealed"), a.json("log/opened"); leaves = [leaf(data) for _, data in members]
    a.sealed, a.withheld = chained(a, members, ""), {one["sha256"] for one in told["withheld"]}
    a.deadline = max((one["data"]["deadline"] for one in a.entries if "deadline" in one["data"]), default="")
    for entry in a.done("close_bidding"):
        same = [entry["data"]["sealed"][name] for name in ("size", "sha256")] == [len(members), tree(leaves).hex()]
        need(same and all(one["at"] <= a.deadline < entry["at"] for one in a.sealed), "封存记录与截止时公布的不符")
    facts = [json.loads(open_note(note, a.keys)[1]) for a.member, note in a.folder("receipts")]
    need(all(one["leaf"]["sha256"] == leaves[one["sequence"] - 1].hex() for one in facts), "有回执没有兑现")
    a.left = {one["data"]["seat"]: one["sequence"] for one in a.done("replace_committee_member")}  # their word is void
    for one in told["concealed"]:
        entry, same = a.entries[one["sequence"] - 1], labelled("yangguang/concealed/1", raw(one["salt"]), one["text"])
        need(same == entry["data"].pop("concealed"), f"data/log/opened.json 第 {one['sequence']} 条与当时的摘要不符")
        said = json.loads(one["text"]); a.told[entry["act"]] += [said] * (said.get("seat") not in a.left)
    need(not any("concealed" in one["data"] for one in a.entries), "评审内容没有全部公开")
    party = lambda one: labelled("yangguang/party/1", raw(one["salt"]), one["organisation"])
    need(all(a.sealed[n["sequence"] - 1]["actor"]["party"] == party(n) for n in told["sealed_parties"]), "单位不符")
def signature(a, signed, data, at, owners):  # by a certificate valid then, under a recognised CA, of one of the owners
    own = x509.load_der_x509_certificate(base64.b64decode(signed["certificate"]))
    (ca,) = (one for one in a.roots if one.subject == own.issuer); gm = "1.2.156." in str(own.signature_algorithm_oid)
    check_signed(ca, own.signature, own.tbs_certificate_bytes, None if gm else own.signature_hash_algorithm)
    check_signed(own, base64.b64decode(signed["value"]), data)
    code = [n.value.rpartition("-")[2] for n in own.subject if n.oid.dotted_string in ("2.5.4.97", "2.5.4.5")] or [""]
    valid = own.not_valid_before_utc.isoformat()[:19] <= at[:19] <= own.not_valid_after_utc.isoformat()[:19]
    need(valid and code[0] in owners, "签名证书当时无效，或不属于签名人")
def files(a):  # every file an entry names is here as it was, and signed for this act where it has to be
    a.roots = [x509.load_pem_x509_certificate(one.encode()) for one in a.trade["roots"]]
    for entry in (a.first, *a.entries, *a.sealed):
        owners = [entry["actor"].get("organisation", ""), entry["act"] == "sign_contract" and entry["data"]["winner"]]
        names, plain = [n["name"] for n in entry["files"] if n["name"] != "记录详情"], PLAIN.match(entry["act"])
        need(plain or names == [x for n in names[::2] for x in (n, f"{n}.sig")], f"{entry['act']} 有文件没有签名")
        for file, of in zip(entry["files"], [{"name": ""}, *entry["files"]], strict=False):
            if file["sha256"] in a.withheld: need(plain, "没有签名"); continue
            data = a.kept(file["sha256"]); need(sm3(data).hex() == file["sm3"], "与见证记录中的摘要不符")
            if file["name"] != f"{of['name']}.sig": continue
            lines = "yangguang-signed-file/1", entry["act"], entry["stream"], of["name"], of["sha256"], of["sm3"], ""
            signature(a, json.loads(data), "\n".join(lines).encode(), entry["at"], owners)
    for entry in a.done("publish_notice", "change_document"):
        a.terms = {n["name"]: n["sha256"] for n in entry["files"]}[f"结构化条款（第{entry['data']['version']}版）"]
def opened(a, entry):  # a bid, its bidder and price, opened with the bidder's keys or those of trustees' shares
    bid, parts, said = entry["data"]["bid"], untar(a.kept(entry["data"]["bid"])), a.kept(entry["files"][0]["sha256"])
    release, listed, found = json.loads(said), parts["manifest.json"], {}; manifest = json.loads(listed)
    signed, heading = release.get("signed") or release["joined"], [manifest[n] for n in ("tender", "lot", "bidder")]
    acts = {(n["act"], n["actor"].get("organisation")) for n in a.entries if n["data"].get("bid") == bid}
    shares, text = [act for act, _ in acts].count("release_rescue_share"), said.partition(b',"signed":')[2][:-1]
    signature(a, json.loads(parts["manifest.sig.json"]), listed, manifest["created_at"], heading[2:])
    if "signed" in release: signature(a, release["signature"], text, entry["at"], heading[2:])
    else: need(("request_rescue", heading[2]) in acts and shares >= manifest["rescue"]["threshold"], "解密救援不成立")
    mine = [*heading[:2], signed["manifest"]] == [a.trade["stream"], a.trade["lot"], sha256(listed).hex()]
    need(mine and min(entry["at"], signed["created_at"]) > a.deadline[:19], "属于别的标段或投标文件，或早于截止时间")
    for part in manifest["parts"]:
        key, data = raw(signed["keys"][part["name"]]), parts[part["file"]]; start = ENVELOPE.search(data)
        cipher = (ciphers.algorithms.SM4 if manifest["suite"] == "GM" else ciphers.algorithms.AES256)(key)
        decryptor = ciphers.Cipher(cipher, ciphers.modes.GCM(start[1], data[-16:])).decryptor()
        plain = decryptor.update(memoryview(data)[start.end():-18]) + decryptor.finalize()
        held = [sha256(data).hex(), labelled("yangguang/content-key/1", *heading, part["name"], key)]
        need(held == [part["sha256"], part["key_commitment"]], "密文或密钥与承诺不符")
        found |= {(part["name"], name): a.kept(sha256(one).hex()) for name, one in untar(plain).items()}
    return bid, heading[2], Decimal(json.loads(found["price", "price.json"])["amount"])
def bids(a):  # the list is what stood at the deadline; each bid opens to what its bidder had signed
    for entry, data in ((one, one["data"]) for one in a.sealed):
        if entry["act"] in ("submit_bid", "replace_bid"): a.standing[data["bid"]] = entry["sequence"]
        a.standing.pop(data["bid"] if entry["act"] == "withdraw_bid" else data.get("replaces"), None)
    for data in (one["data"] for one in a.done("announce_bidders")):
        listed, a.bidders = ({one["bid"]: one[n] for one in data.get("bids", ())} for n in ("sealed_entry", "bidder"))
        need(data["count"] == len(a.standing) and listed in (a.standing, {}), "公布的名单与封存的投标不符")
    for entry in a.done("open_bid"):
        bid, bidder, a.prices[bid] = opened(a, entry); need(bidder == a.bidders[bid], "不是名单上的投标人")
    told = [one for entry in a.done("announce_bids") for one in entry["data"]["bids"] if one["price"]]
    need({one["bid"]: Decimal(one["price"]) for one in told} == a.prices, "唱标价格与投标文件不符")
def draws(a):  # commitments, reveals, VRF and order of each draw (RFC 3797), who was called and seated
    pools = {one["draw_id"]: one["pool"] for one in (json.loads(told)["draw"] for a.member, told in a.folder("draws"))}
    for mine in (entry["data"]["draw"] for entry in a.done("complete_draw")):
        of = lambda *acts, mine=mine: [one["data"] for one in a.done(*acts) if one["data"].get("draw") == mine]
        (start,), (end,), calls, pool = of("open_draw"), of("complete_draw"), of("record_expert_reply"), pools[mine]
        promised, parties = {n["party"]: raw(n["commitment"]) for n in of("commit_to_draw")}, start["parties"]
        shown, root = {n["party"]: raw(n["nonce"]) for n in of("reveal_for_draw")}, tree([leaf(raw(n)) for n in pool])
        kept = all(labelled("yangguang/draw/commitment/v1", mine, p, shown[p]) == promised[p].hex() for p in shown)
        need(kept and root.hex() == start["pool_root"] and {*promised} == {*parties} and len(shown) > 1, "池或承诺不符")
        pairs = [(p, promised[p], b"\1" + shown[p] if p in shown else b"\0" + promised[p]) for p in parties]
        alpha = labelled("yangguang/draw/alpha/v1", start["kind"], mine, root, *(x for one in pairs for x in one[:2]))
        beta = vrf_output(raw(a.trade["vrf_public"]), raw(alpha), raw(end["vrf_proof"]))
        seed = labelled("yangguang/draw/seed/v1", start["kind"], mine, root, beta, *(x for n in pairs for x in n[::2]))
        left = [*range(len(pool))]; turns = [turn.to_bytes(2, "big") for turn in left]
        order = [left.pop(number(sha256(turn + f"{seed.upper()}/".encode() + turn)) % len(left)) for turn in turns]
        need([end["seed"], *(one["position"] for one in calls)] == [seed, *order[:len(calls)]], "种子或通知顺序不符")
        if start["kind"] == "parameter":
            drawn = labelled("yangguang/draw/leaf/v1", mine, raw(end["salt"]), end["value"])
            need(end["position"] == order[0] and pool[order[0]] == drawn, "抽中的参数与抽取顺序不符")
            a.drawn[start["subject"]] = end["value"]
        gone = [one["position"] for one in of("replace_member", "replace_committee_member")]
        came = [one["position"] for one in calls if one["reply"] == "accepted" and one["position"] not in gone]
        seated = [place for last in of("form_committee")[-1:] for place in last["positions"] if place not in gone]
        need(seated == came[:len(seated)], "评标委员会不是抽取后应召的专家")
def scores(a):  # the method of the tender document, run again on what was opened, drawn and marked
    for entry in (one for one in a.done("compute_results") if one["sequence"] > max(a.left.values(), default=0)):
        terms, codes, said = json.loads(a.kept(a.terms)), a.told["close_review"][-1]["codes"], a.told["give_opinion"]
        method, each, rest = terms["scoring"], terms["review"], {*a.prices} - {n["bid"] for n in a.told["reject_bid"]}
        valid = {b for b in a.prices if min(sum(n["passes"][s] or -1 for n in said if n["bid"] == b) for s in each) > 0}
        given = {**a.done("announce_bids")[0]["data"], "bids": {}, "price": {n: a.prices[n] for n in valid}, **a.drawn}
        of = {item: name for name, one in method["inputs"].items() for item in one.get("items", ())}
        for to, n in ((codes.get(n["for"], n["for"]), n) for n in a.told["score_technical"] + a.told["score_business"]):
            for item, mark in n["marks"].items() if to in valid else ():
                given.setdefault(of[item], {}).setdefault(to, {}).setdefault(f"seat-{n['seat']}", {})[item] = mark
        given, file = {name: given[name] for name in method["inputs"]}, json.loads(a.kept(entry["files"][0]["sha256"]))
        same = file["description"] == method and mapped(Decimal, file["inputs"]) == mapped(Decimal, given)
        need(same and {*codes.values()} == valid >= rest and (a.left or valid == rest), "评分办法、否决或评委打分不符")
        known, order = score(method, given); a.totals = known[method["ranking"]["total"]]
        a.rank = {bid: one["rank"] for one in a.told["compute_results"][-1]["ranking"] for bid in one["bids"]}
        steps = all(mapped(Decimal, step["value"]) == known[step["name"]] for step in file["result"]["trace"])
        need(steps and [order[one] for one in sorted(a.rank, key=a.rank.get)] == sorted(order.values()), "排名不符")
def award(a):  # candidates, award and contract follow from the ranking
    listed = [one for entry in a.done("publish_candidates") for one in entry["data"]["candidates"]]
    for bid, one in ((one["bid"], one) for one in listed):
        same = [a.bidders[bid], a.rank[bid], a.prices[bid]] == [one["bidder"], one["rank"], Decimal(one["price"])]
        need(same and abs(a.totals[bid] - Decimal(one["total"])) <= Decimal("0.00005"), "候选人公示与排名不符")
    gone = [entry["data"]["bidder"] for entry in a.done("record_drop_out")]
    left = [one for one in listed if one["bidder"] not in gone][:1 if a.first["data"]["state_controlled"] else None]
    won = [entry["data"] for entry in a.done("award") if entry["data"]["bidder"] not in gone][-1:]
    need(all((n["bidder"], n["price"]) in [(one["bidder"], one["price"]) for one in left] for n in won), "中标人不符")
    agreed = [(one["data"]["winner"], Decimal(one["data"]["price"])) for one in a.done("sign_contract")]
    need(agreed in ([], [(one["bidder"], Decimal(one["price"])) for one in won]), "合同与中标结果不符")
    return f"：{won[0]['bidder']}，{won[0]['price']} 元" if won else "（没有中标人）"
def main(path, *rest):  # prints what was proved, or what is wrong and where; 0 when all of it holds
    a = Archive(path, {*rest} - {"--key"})
    for check, proved in CHECKS.items():
        try: more = a.problems or check(a) or ""
        except Exception as error:  # noqa: BLE001 - whatever a forged archive makes fail is a problem of that archive
            a.problems.append(f"{a.member}：{str(error) or '签名不成立'}（{type(error).__name__}）")
        if not a.problems: print(f"✓ {proved}{more}")
    print(*(f"✗ {one}" for one in a.problems), "核验不通过 FAILED" if a.problems else "核验通过 VERIFIED", sep="\n")
    print("" if a.trusted else "注意：没有给 --key，以归档自带的日志公钥为准 (its own keys)"); return bool(a.problems)
CHECKS = {bag: "文件不多不少、没有改动，清单有平台的两种签名", log: "见证记录首尾相连，都在只增不改的日志中",
    seals: "封存记录与截止时公布的总数和树根相符，回执全部兑现", files: "文件齐全（依法不公开的除外），电子签名有效",
    bids: "名单与封存的相符；截止后用投标人的密钥（或其申请的救援份额）解密，合其承诺和唱标", draws: "抽取重算一致",
    scores: "按招标文件公布的办法重算，每一步和排名一致", award: "中标人、中标价和合同价符合公示的排名和法定顺序"}
if __name__ == "__main__": sys.exit(main(*sys.argv[1:]))
