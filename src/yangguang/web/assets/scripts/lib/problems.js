// What can be wrong with a certificate file, in words for the person who holds it.

const ORIGIN = globalThis.location?.origin ?? "https://…";
const WORDS = {
  "file.unread": ["没有读到平台上的文件：连接中断，或者登录过期", "请恢复连接、刷新页面后重试。"],
  "browser.insecure": ["浏览器没有开放加密功能", "请用 https:// 地址打开本站，并使用近三年版本的浏览器。"],
  "file.missing": ["还没有选择证书文件", "请选择由认证机构发给您的 .p12 或 .pfx 文件。"],
  "file.unreadable": ["所选文件不是证书文件（.p12 或 .pfx）", "请选择带私钥的证书文件；.cer、.crt、.pem 只有证书，不能签名。"],
  "file.old_encryption": [
    "证书文件使用已淘汰的加密方式（3DES 或 RC2）",
    "请任选一种办法：① 不转换，用投标助手打开：在命令行运行 " +
      `yangguang bid agent --origin ${ORIGIN} --key 证书文件.p12，再在网页上把“密钥在哪里”改为“投标助手”；` +
      "② 转换成新的加密方式：openssl pkcs12 -legacy -in 旧.p12 -noenc -out 临时.pem，" +
      "再运行 openssl pkcs12 -export -in 临时.pem -out 新.p12，然后立即删除 临时.pem（其中有私钥）；" +
      "③ 在 Windows 证书管理器中重新导出，选择“AES256-SHA256”。",
  ],
  "file.no_key": ["证书文件里没有私钥", "导出证书时请勾选“导出私钥”。"],
  "file.no_certificate": ["证书文件里没有与私钥配对的证书", "请重新导出包含证书和私钥的 .p12 文件。"],
  "password.wrong": ["证书密码不正确，或者文件已损坏", "请核对密码（区分大小写）后重试。"],
  "key.unsupported": ["不支持这种密钥", "请使用 RSA、ECDSA P-256、Ed25519 或国密 SM2 证书。"],
  "key.cannot_decrypt": ["此证书只能签名，不能解密", "请使用双证书中的加密证书（RSA 或 SM2）。"],
  "decrypt.failed": ["不能解密：内容不是加密给此证书的，或已被改动", "请核对证书文件；证书更换过的，请使用加密时的旧证书。"],
  "holder.closed": ["证书已经关闭", "请重新选择证书文件并输入密码。"],
  "helper.code": ["配对码由一个数字和八个字母、数字组成", "请照投标助手窗口里最新显示的配对码输入。"],
  "helper.unpaired": ["还没有与投标助手配对", "请启动投标助手，输入它的窗口里显示的配对码。"],
  "helper.away": [
    "没有找到正在运行的投标助手",
    "请启动投标助手；浏览器询问是否允许本页访问本机（本地网络）的，请选择允许；重新启动过投标助手的，请用新的配对码配对。",
  ],
  "sealed.other": ["这不是已递交的那一份文件", "请选择递交时的文件。"],
  "certificate.other_use": ["此证书不能用于签名", "双证书用户请选择签名证书，而不是加密证书。"],
};

/** Something a person can put right: `code` for scripts, `message` and `remedy` in Chinese for people. */
export class CertificateProblem extends Error {
  constructor(code, words = WORDS[code]) {
    super(words[0]);
    this.name = "CertificateProblem";
    this.code = code;
    this.remedy = words[1];
  }

  /** On which ground: the law for what is wrong with a certificate, a rule of ours for how it is used here. */
  get article() {
    return this.code.startsWith("certificate.") ? "电子签名法第十三条" : "平台规则：数字证书的使用";
  }

  /** Reason, ground and remedy in one line. */
  get text() {
    return `${this.message}（依据：${this.article}）。${this.remedy}`;
  }
}

/** The text to show for whatever was thrown. */
export function textOf(error) {
  return error instanceof CertificateProblem ? error.text : `未能完成：${error?.message ?? error}。请刷新页面后重试。`;
}
