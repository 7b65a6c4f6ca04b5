"""Prints Beam's trigger_transcripts.yaml as JSON: a list of transcripts, in the order of the file."""

import json
import os

import apache_beam.testing as testing
import yaml

path = os.path.join(os.path.dirname(testing.__file__), 'data', 'trigger_transcripts.yaml')
with open(path, encoding='utf-8') as file:
    print(json.dumps(list(yaml.safe_load_all(file))))
