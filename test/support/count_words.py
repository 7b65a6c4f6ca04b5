"""Counts the words of text files, with nothing of Millrace in it.

usage: count_words.py GLOB…

Prints {"total", "distinct", "top": [[word, count], …]} with every word, the most frequent first.
"""

import collections
import glob
import json
import re
import sys

counts = collections.Counter()
for pattern in sys.argv[1:]:
    for file in sorted(glob.glob(pattern)):
        with open(file, encoding="utf-8", newline="") as text:
            counts.update(re.findall(r"[a-z']+", text.read().lower()))
json.dump({"total": counts.total(), "distinct": len(counts), "top": counts.most_common()}, sys.stdout)
