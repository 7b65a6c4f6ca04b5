"""JavaScript's values in Python, and the canonical forms of canonical.ts."""

import json
import math
import struct


# JavaScript's values that Python has no like of.


class Value:
    def __init__(self, *fields):
        self.fields = fields

    def __eq__(self, other):
        return type(self) is type(other) and self.fields == other.fields

    def __hash__(self):
        return hash((type(self).__name__, self.fields))


class Undefined(Value):
    pass


class BigInt(Value):
    pass


class Date(Value):  # milliseconds
    pass


class Map(Value):  # pairs, in their order
    pass


class Set(Value):
    pass


class Text(Value):  # UTF-16 units that are no text of Unicode
    pass


UNDEFINED = Undefined()


def from_canonical(form):
    """The value of a canonical form that json has parsed."""
    if form is None or isinstance(form, (bool, int)):
        return form
    if isinstance(form, str):
        try:
            form.encode("utf-8")
            return form
        except UnicodeEncodeError:
            return Text(form.encode("utf-16-be", "surrogatepass"))
    kind, *rest = form
    if kind == "x":
        return UNDEFINED
    (content,) = rest
    if kind == "d":
        return math.nan if content == "nan" else struct.unpack(">d", bytes.fromhex(content))[0]
    if kind == "i":
        return BigInt(int(content))
    if kind == "b":
        return bytes.fromhex(content)
    if kind == "t":
        return Date(from_canonical(content))
    if kind == "m":
        return Map(*((from_canonical(key), from_canonical(one)) for key, one in content))
    if kind == "s":
        return Set(*map(from_canonical, content))
    if kind == "a":
        return [from_canonical(one) for one in content]
    if kind == "o":
        return {name: from_canonical(one) for name, one in content.items()}
    raise ValueError(f"Cannot read a canonical form: received {kind}")


def canonical(value):
    """One line of ASCII text for a value, as canonical.ts has it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Text):
        return text(value.fields[0].decode("utf-16-be", "surrogatepass"))
    if isinstance(value, bytes):
        return f'["b","{value.hex()}"]'
    if isinstance(value, Undefined):
        return '["x"]'
    if isinstance(value, BigInt):
        return f'["i","{value.fields[0]}"]'
    if isinstance(value, Date):
        return f'["t",{number(value.fields[0])}]'
    if isinstance(value, Map):
        return '["m",[' + ",".join(f"[{canonical(k)},{canonical(v)}]" for k, v in value.fields) + "]]"
    if isinstance(value, Set):
        return '["s",[' + ",".join(map(canonical, value.fields)) + "]]"
    if isinstance(value, (list, tuple)):
        return '["a",[' + ",".join(map(canonical, value)) + "]]"
    if isinstance(value, dict):
        return '["o",{' + ",".join(f"{text(name)}:{canonical(value[name])}" for name in sorted(value, key=units)) + "}]"
    raise TypeError(f"Cannot compare a {type(value)}")


def text(value):
    # json writes the same escapes as JavaScript, but leaves U+007F as it is.
    return json.dumps(value).replace("\x7f", "\\u007f")


def number(value):
    if math.isnan(value):
        return '["d","nan"]'
    if math.isfinite(value) and value == int(value) and abs(value) < 2**53:
        if value != 0 or math.copysign(1, value) > 0:
            return str(int(value))
    if isinstance(value, int) and int(float(value)) != value:
        raise ValueError(f"Cannot compare {value}: no double has this value")
    return f'["d","{struct.pack(">d", value).hex()}"]'


def units(value):
    """Orders texts as JavaScript does, by UTF-16 code units."""
    return value.encode("utf-16-be", "surrogatepass")


def length(value):
    return len(value.fields[0] if isinstance(value, Text) else units(value)) // 2
