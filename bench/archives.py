"""Verifying the archive of the demonstration, with the product and with the stand-alone verifier."""

from collections.abc import Iterator

from measuring import Scale, child
from rows import Row

GROUP = "归档核验"
HOW = "归档核验：演示项目的归档，对照是读出全部文件各算一次 SHA-256；独立核验程序含 Python 启动。"


def rows(scale: Scale) -> Iterator[Row]:
    """Both verifiers, and what it took to play and export."""
    got = child("archive", times=scale.of(3, 1))
    size = f"{got['size'] / 1e6:,.1f} MB、{got['files']} 个文件"
    for name, key in (("yangguang verify", "product"), ("verifier/verify.py", "alone")):
        yield Row(
            group=GROUP,
            name=f"{name}（{size}）",
            figure=f"{got[key]:.2f} 秒",
            baseline=f"裸 SHA-256 {got['hashed']:.3f} 秒",
            ratio=got["hashed"] / got[key],
            note=HOW,
        )
    yield Row(group=GROUP, name="演示项目从登记到归档", figure=f"{got['played']:.1f} 秒")
    yield Row(group=GROUP, name="导出归档", figure=f"{got['exported']:.2f} 秒")
