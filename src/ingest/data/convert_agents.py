"""Converts the user-agent rules and the bot list from their registry packages into the JSON files beside this script.

Run it in this folder when the packages move; the output is committed, so that a build needs neither:

    pip download --no-deps --dest packages ua-parser-builtins==202610 && unzip -o -d packages packages/ua_parser_builtins-*.whl
    (cd packages && npm pack crawler-user-agents@1.60.0 && tar xzf crawler-user-agents-*.tgz)
    python3 convert_agents.py packages

agents.json  {"user_agent_parsers": [...], "os_parsers": [...]}: the shape the Rust crate `ua-parser` reads. The device rules are
             left out: they name brands and models, we keep a class only, and they are half the memory and half the time of a parse.
bots.json    {"bots": [pattern, ...], "libraries": [pattern, ...]}: libraries are the patterns tagged `http-library`, which are
             bots for a page's beacon and ordinary senders on the batch endpoint.
"""

import ast
import json
import pathlib
import sys

UA_FIELDS = ["regex", "family_replacement", "v1_replacement", "v2_replacement", "v3_replacement", "v4_replacement"]
OS_FIELDS = ["regex"] + [f"os_{field}" for field in ("replacement", *UA_FIELDS[2:])]


def rules(source, name, fields):
    """Every call of the class `name` in the Python module `source`, as objects; nothing of the module is executed."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
            values = [ast.literal_eval(argument) for argument in node.args]
            values = dict(zip(fields, values)) | {k.arg: ast.literal_eval(k.value) for k in node.keywords}
            unknown = set(values) - set(fields)
            assert not unknown, f"unknown fields of {name}: {unknown}"
            yield {key: value for key, value in values.items() if value is not None}


def write(name, value):
    """One rule a line, so that a change of the package is readable as a diff."""
    lists = (f'"{key}":[\n' + ",\n".join(json.dumps(v, ensure_ascii=True) for v in values) + "\n]" for key, values in value.items())
    pathlib.Path(__file__).with_name(name).write_text("{" + ",".join(lists) + "}\n")
    print(name, {key: len(values) for key, values in value.items()})


def main(packages):
    source = (packages / "ua_parser_builtins" / "matchers.py").read_text()
    write("agents.json", {
        "user_agent_parsers": list(rules(source, "UserAgentMatcher", UA_FIELDS)),
        "os_parsers": list(rules(source, "OSMatcher", OS_FIELDS)),
    })
    crawlers = json.loads((packages / "package" / "crawler-user-agents.json").read_text())
    library = [("http-library" in entry["tags"], entry["pattern"]) for entry in crawlers]
    write("bots.json", {
        "bots": [pattern for is_library, pattern in library if not is_library],
        "libraries": [pattern for is_library, pattern in library if is_library],
    })


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
