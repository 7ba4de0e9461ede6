"""From the neutral JSON of `tests/data/networks` to the keys of a network file."""

import json
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "data" / "networks"
NAMES = sorted(path.stem for path in FOLDER.glob("net_*.json"))
KEYS = ("tau_m_ms", "tau_ref_ms", "E_L_mV", "V_th_mV", "V_reset_mV", "C_pF")


def read(name):
    """Return one reference: its description and what others got."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def described(net):
    """Return the keys of a network file for a neutral description."""
    tau_s = net["synapse"].get("tau_s_ms", 0.0)
    return {
        "populations": {
            p["name"]: {"size": p["size"], **{key: p[key] for key in KEYS if key in p}}
            for p in net["populations"]
        },
        "receptors": {"psc": {"tau_s_ms": tau_s}},
        "projections": {
            f"{p['target']}_from_{p['source']}": {
                "source": p["source"],
                "target": p["target"],
                **_number(p),
                **_weight(p),
                **_delay(p),
                "receptor": "psc",
            }
            for p in net["projections"]
        },
        "drive": {
            **{
                f"poisson_{i}": {
                    "target": d["target"],
                    "n_sources": float(d["n_sources"]),
                    "rate_per_source_Hz": d["rate_per_source_Hz"],
                    **_weight(d),
                    "receptor": "psc",
                }
                for i, d in enumerate(net["poisson_drive"])
            },
            **{
                f"current_{i}": {"target": d["target"], "current_pA": d["current_pA"]}
                for i, d in enumerate(net["dc_drive"])
            },
        },
        "wiring": {
            "multapses": net["wiring"] == "fixed_total_number",
            "autapses": net["wiring"] == "fixed_total_number",
            "rule": net["wiring"],
        },
        "simulation": {"dt_ms": 0.1, "warm_up_s": 0.5, "duration_s": 2.0, "precision": "float32"},
    }


def _number(p):
    if "in_degree" in p:
        return {"in_degree": float(p["in_degree"])}
    return {"probability": p["connection_probability"]}


def _weight(p):
    return {"J_mV": p["jump_mV"]} if "jump_mV" in p else {"w_pA": p["peak_current_pA"]}


def _delay(p):
    if "delay_ms" in p:
        return {"delay_ms": p["delay_ms"]}
    spread = {"delay_sd_ms": p["delay_sd_ms"], "delay_law": "truncated_gaussian"}
    return {"delay_ms": p["delay_mean_ms"], **(spread if p["delay_sd_ms"] else {})}
