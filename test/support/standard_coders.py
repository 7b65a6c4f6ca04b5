"""Prints Beam's standard_coders.yaml as JSON: sections of { coder, nested, examples: [[bytes, value]] }.

Bytes stand as strings of one character each, as in the file. A dictionary would lose examples whose values are alike.
"""

import json
import os

import apache_beam.portability.api as api
import yaml

path = os.path.join(os.path.dirname(api.__file__), 'standard_coders.yaml')
with open(path, encoding='utf-8') as file:
    sections = list(yaml.safe_load_all(file))
for section in sections:
    section['examples'] = list(section['examples'].items())
print(json.dumps(sections))
