import math

from handrail.kernel.ids import LENGTH, new_id


def test_ids_carry_more_than_128_bits_and_tell_no_order() -> None:
    made = [new_id() for _ in range(200)]
    assert len(set(made)) == 200 and made != sorted(made)
    assert all(len(each) == LENGTH and each.isalnum() for each in made)
    assert LENGTH * math.log2(62) > 128
