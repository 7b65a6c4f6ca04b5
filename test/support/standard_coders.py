"""Prints Beam's standard_coders.yaml as JSON: sections of { coder, nested, examples: [[bytes, value]] }.

Bytes stand as strings of one character each, as in the file. A dictionary would lose examples whose values are alike.
An integer that a JavaScript number does not hold stands as {'bigint': its digits}.
"""

import importlib.util
import json
import os

import yaml

# Found, not imported: that takes seconds.
folder = importlib.util.find_spec('apache_beam').submodule_search_locations[0]
path = os.path.join(folder, 'portability', 'api', 'standard_coders.yaml')
with open(path, encoding='utf-8') as file:
    sections = list(yaml.safe_load_all(file))


def exact(value):
    if isinstance(value, dict):
        return {name: exact(part) for name, part in value.items()}
    if isinstance(value, list):
        return [exact(part) for part in value]
    if isinstance(value, int) and abs(value) >= 2**53:
        return {'bigint': str(value)}
    return value


for section in sections:
    section['examples'] = [(encoded, exact(value)) for encoded, value in section['examples'].items()]
print(json.dumps(sections))
