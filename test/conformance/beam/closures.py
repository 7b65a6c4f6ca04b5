"""The pipelines of pipelines/closures.ts."""

import math
import re

import apache_beam as beam

from .canonical import units
from .common import case


@case("closures: classes, private fields, Maps, regexes and recursion")
def _(p, inputs, files):
    discounts = {"ada": 0.5, "bo": 0.25}
    named = {user for user in inputs["users"] if user.strip() != ""}

    def shop(order):
        price = order["price"] * (1 - discounts.get(order["user"], 0)) * 6 / 4
        return {
            "id": order["id"],
            "price": math.floor(price + 0.5),  # as JavaScript rounds
            "item": re.sub("[aeiou]", "*", order["item"]),
        }

    return {
        "out": p
        | beam.Create(inputs["orders"])
        | beam.Filter(lambda e: e["id"] % 50 % 2 == 0 and e["user"] in named)
        | beam.Map(shop)
    }


@case("closures: a package of npm")
def _(p, inputs, files):
    codes = ["a + b", "let x = 1 ;", "f ( x , y ) => x", ""]
    return {"out": p | beam.Create(codes) | beam.Map(lambda code: {"code": code, "tokens": len(code.split())})}


@case("several shuffles in a row")
def _(p, inputs, files):
    def most(user, pairs):
        items = sorted(pairs, key=lambda pair: (-pair[1], units(pair[0])))
        return len(items), (user, items[0][1])

    def together(count, users):
        users = list(users)
        return {
            "items": count,
            "users": sorted((user for user, _ in users), key=units),
            "spent": sum(spent for _, spent in users),
        }

    return {
        "out": p
        | beam.Create([((e["user"], e["item"]), e["price"]) for e in inputs["orders"]])
        | beam.CombinePerKey(sum)
        | beam.MapTuple(lambda key, spent: (key[0], (key[1], spent)))
        | "By user" >> beam.GroupByKey()
        | "Most" >> beam.MapTuple(most)
        | "By count" >> beam.GroupByKey()
        | "Together" >> beam.MapTuple(together)
    }
