#include "dataflows/certificate.hpp"

#include <fmt/format.h>

namespace eyrie {

void describe(Fields& f, Certificate& c) {
  f.about("what was claimed of a mapping when it was chosen");
  f.required("objective", c.objective, "energy, cycles, edp or front");
  f.required("space", c.space, "perfect, ragged or every");
  f.required("dataflow", c.dataflow, "the constraints");
  f.required("energy_table", c.energy_table, "the prices");
  f.optional("rank", c.rank, "among the mappings kept; 1 is the best", AtLeast(1));
  f.required("energy_pj", c.energy_pj, "closed-form counts x prices, static energy of the cycle bound with it");
  f.required("cycles_bound", c.cycles_bound, "no simulation takes fewer core cycles", AtLeast(0));
  f.required("cycles_estimate", c.cycles_estimate, "core cycles that a simulation is expected to take", AtLeast(0));
  f.required("lower_bound", c.lower_bound, "of the objective over the whole space: pJ, cycles or pJ x cycles");
  f.required("complete", c.complete, "false: the search was stopped, and something better may exist above the bound");
  f.optional("log10_space", c.log10_space, "mappings of the space before any rule, as a power of ten");
  f.optional("nodes", c.nodes, "partial choices entered");
  f.optional("passes", c.passes, "whole choices inside a pass");
  f.optional("nests", c.nests, "whole nests weighed");
  f.optional("array_full", c.array_full, "dropped: more rows or columns of PEs than there are");
  f.optional("spads_full", c.spads_full, "dropped: no nest of the PE fits the spads");
  f.optional("buffers_full", c.buffers_full, "dropped: one pass does not fit the buffers");
  f.optional("gaps", c.gaps, "dropped: remainders would leave gaps in psum chains");
  f.optional("bound_cut", c.bound_cut, "dropped: no completion can be better than the best known");
  f.optional("root_bound", c.root_bound, "of the objective before anything was chosen");
  f.optional("verified", c.verified, "how code other than the search confirmed it");
  f.optional("simulated_cycles", c.simulated_cycles, "core cycles of a simulation with data");
  f.optional("simulated_energy_pj", c.simulated_energy_pj, "simulated counts x prices");
  f.optional("search_s", c.search_s, "host time");
}

std::string certificate_yaml(const Certificate& c, const std::string& indent) {
  std::string text;
  const auto line = [&](std::string_view key, const auto& value) {
    text += fmt::format("{}{}: {}\n", indent, key, value);
  };
  line("objective", c.objective);
  line("space", c.space);
  line("dataflow", c.dataflow);
  line("energy_table", c.energy_table);
  line("rank", c.rank);
  line("energy_pj", fmt::format("{:.17g}", c.energy_pj));
  line("cycles_bound", c.cycles_bound);
  line("cycles_estimate", c.cycles_estimate);
  line("lower_bound", fmt::format("{:.17g}", c.lower_bound));
  line("complete", c.complete);
  line("log10_space", fmt::format("{:.2f}", c.log10_space));
  line("nodes", c.nodes);
  line("passes", c.passes);
  line("nests", c.nests);
  line("array_full", c.array_full);
  line("spads_full", c.spads_full);
  line("buffers_full", c.buffers_full);
  line("gaps", c.gaps);
  line("bound_cut", c.bound_cut);
  line("root_bound", fmt::format("{:.17g}", c.root_bound));
  if (!c.verified.empty()) line("verified", "\"" + c.verified + "\"");
  if (c.simulated_cycles > 0) {
    line("simulated_cycles", c.simulated_cycles);
    line("simulated_energy_pj", fmt::format("{:.17g}", c.simulated_energy_pj));
  }
  if (c.search_s > 0) line("search_s", fmt::format("{:.6f}", c.search_s));
  return text;
}

}  // namespace eyrie
