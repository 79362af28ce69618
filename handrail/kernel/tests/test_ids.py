import math
from collections import Counter

from handrail.kernel.ids import LENGTH, new_id


def test_ids_carry_more_than_128_bits_and_tell_no_order() -> None:
    made = [new_id() for _ in range(200)]
    assert len(set(made)) == 200 and made != sorted(made)
    assert all(len(each) == LENGTH and each.isalnum() for each in made)
    assert LENGTH * math.log2(62) > 128


def test_no_letter_is_likelier_than_another() -> None:
    found = Counter("".join(new_id() for _ in range(5000)))
    expected = 5000 * LENGTH / 62  # 1774, and 15% off is more than six standard deviations
    assert len(found) == 62
    assert all(0.85 * expected < often < 1.15 * expected for often in found.values())
