"""中文数字 of ordinals."""

DIGITS = "〇一二三四五六七八九"
TEN, HUNDRED = 10, 100


def chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese as it is counted: 十、十一、二十、二十一."""
    if not 0 < number < HUNDRED:
        raise ValueError(f"no paper has {number} headings")
    tens, ones = divmod(number, TEN)
    if not tens:
        return DIGITS[ones]
    return (DIGITS[tens] if tens > 1 else "") + "十" + (DIGITS[ones] if ones else "")
