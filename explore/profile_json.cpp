#include "explore/profile.hpp"
#include "explore/scenario_parts.hpp"
#include "report/experiment_result.hpp"

namespace eyrie {

using Json = ScenarioJson;

static Json piece_json(const LinearPiece& p) {
  Json j{{"constant", p.constant}};
  static constexpr const char* kKeys[] = {"macs", "input_words", "weight_words", "output_words"};
  for (std::size_t i = 0; i < p.coefficient.size(); ++i) j[kKeys[i]] = p.coefficient[i];
  return j;
}

static Json node_json(const RegressionTree& t, std::size_t number) {
  const auto& n = t.nodes[number];
  Json j{{"shapes", n.observations}};
  if (n.is_leaf()) {
    j["cycles"] = piece_json(n.piece);
    return j;
  }
  j["condition"] = to_text(n.condition);
  j["yes"] = node_json(t, n.yes);
  j["no"] = node_json(t, n.no);
  return j;
}

static Json layer_json(const Profile& p, const Disagreement& d) {
  const auto& l = p.layers[d.layer];
  Json lost = Json::object();
  for (const auto& [cause, share] : l.lost) lost[cause] = share;
  return {{"workload", l.workload},
          {"layer", l.layer},
          {"kind", l.of.kind},
          {"channels", l.of.channels},
          {"macs", l.of.features[0]},
          {"parameters", l.parameters},
          {"input_words", l.of.features[1]},
          {"weight_words", l.of.features[2]},
          {"output_words", l.of.features[3]},
          {"cycles", l.of.cycles},
          {"utilization", l.utilization},
          {"lost", lost},
          {"rank_by_cycles", d.rank_by_cycles},
          {"rank_by_macs", d.rank_by_macs},
          {"factor", d.factor},
          {"by_macs", p.by_macs(l.of)},
          {"by_tree", p.tree(l.of)}};
}

std::string to_json(const Profile& p) {
  Json j{{"schema", "eyrie.profile/1"},
         {"eyrie_version", kVersion},
         {"command", p.run.command},
         {"workloads", p.run.workloads},
         {"architecture", p.machine},
         {"machine", {{"name", p.machine}, {"title", p.run.title}, {"pes", p.run.pes}}},
         {"inputs_seed", p.run.seed ? Json(*p.run.seed) : Json()},
         {"fidelity", p.fidelity},
         {"rank_correlation", {{"macs", p.cycles_by_macs}, {"parameters", p.cycles_by_parameters}}},
         {"shapes", p.shapes},
         {"mean_error_left_out",
          {{"by_macs", p.error_by_macs}, {"by_sizes", p.error_by_sizes}, {"tree", p.error_of_tree}}},
         {"by_macs", piece_json(p.by_macs)},
         {"by_sizes", piece_json(p.by_sizes)},
         {"tree", node_json(p.tree, 0)}};
  j["layers"] = Json::array();  // largest disagreement first
  for (const auto& d : p.disagreements) j["layers"].push_back(layer_json(p, d));
  return text_of(j);
}

}  // namespace eyrie
