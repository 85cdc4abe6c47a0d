#include <cmath>

#include "report/json_parts.hpp"

namespace eyrie {

using Json = nlohmann::ordered_json;

static Json sqnr_json(const LayerSqnr& l) {
  return {{"layer", l.layer}, {"sqnr_db", l.db ? Json(*l.db) : Json(nullptr)}, {"equal", l.equal}};
}

static Json sample_json(const SampleAnswer& s, const Answer& a) {
  Json j{{"name", s.name}};
  if (a.classifies) {
    j["class"] = s.chip;
    j["class_name"] = a.class_text(s.chip);
    j["float_class"] = s.real;
    j["label"] = s.label ? Json(*s.label) : Json(nullptr);
  }
  j["raw_outputs"] = s.raw;
  j["outputs"] = s.outputs;
  j["float_outputs"] = s.real_outputs;
  return j;
}

Json answer_json(const Answer& a) {
  Json j{{"input", a.input.empty() ? Json(nullptr) : Json(a.input)},
         {"pixels", a.pixels},
         {"arithmetic", a.arithmetic},
         {"precision", a.precision},
         {"output", a.output},
         {"sqnr_db", a.at_output.db ? Json(*a.at_output.db) : Json(nullptr)},
         {"equal_to_float", a.at_output.equal},
         {"samples", Json::array()},
         {"layers", Json::array()}};
  j["not_simulated"] = a.computed_elsewhere;
  if (a.classifies) {
    j["classes"] = a.class_names;
    j["agreeing"] = a.agreeing();
    j["labelled"] = a.labelled();
    j["right"] = a.right();
    j["float_right"] = a.real_right();
  }
  for (const auto& s : a.samples) j["samples"].push_back(sample_json(s, a));
  for (const auto& l : a.layers) j["layers"].push_back(sqnr_json(l));
  return j;
}

}  // namespace eyrie
