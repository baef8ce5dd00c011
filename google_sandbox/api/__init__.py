"""The APIs the sandbox plays. One module an API, each handing over a table of its methods.

To add an API: write a module that ends in `API = Api("name.version", …, {method id: Endpoint(…)})` and
name it in `registry.py`. Paths, parameters, scopes and schemas come from the discovery document.
"""
