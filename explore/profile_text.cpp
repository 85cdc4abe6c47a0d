#include <fmt/format.h>

#include <algorithm>

#include "base/grouped.hpp"
#include "explore/profile.hpp"
#include "report/csv_field.hpp"

namespace eyrie {

namespace {

double macs(const ProfiledLayer& l) { return l.of.features[static_cast<std::size_t>(Feature::Macs)]; }
std::string whole(double n) { return grouped(static_cast<std::int64_t>(n), " "); }
std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string why(const ProfiledLayer& l) {
  const auto [cause, share] = l.dominant();
  return cause.empty() ? "nothing is lost" : fmt::format("{:.0f} % {}", 100 * share, cause);
}

std::string linear(const LinearPiece& p) { return fmt::format("{:.4g} + {:.4g} x MACs", p.constant, p.coefficient[0]); }

}  // namespace

std::vector<std::string> findings(const Profile& p) {
  std::vector<std::string> all{
      fmt::format("rank correlation of cycles with MACs {:.3f}, with parameters {:.3f} ({} layers)", p.cycles_by_macs,
                  p.cycles_by_parameters, p.layers.size()),
      fmt::format("mean error, each of {} shapes left out in turn: by MACs alone {}, by one linear piece {}, by the "
                  "tree {}",
                  p.shapes, percent(p.error_by_macs), percent(p.error_by_sizes), percent(p.error_of_tree)),
      fmt::format("by MACs alone: cycles = {}", linear(p.by_macs))};
  if (p.tree.leaves() > 1 && p.error_of_tree > p.error_by_sizes)
    all.emplace_back(
        "layers left out are predicted worse by the tree than by one linear piece: its conditions fit these layers "
        "and no others");
  if (p.run.seed) all.push_back(fmt::format("inputs are drawn from the seed {}", *p.run.seed));
  return all;
}

std::string to_table(const Profile& p, std::size_t most) {
  std::string text = fmt::format("{}, cycles {}\n\n{:<18} {:<18} {:<16} {:>13} {:>12} {:>12} {:>5} {:>5} {:>8}  {}\n",
                                 p.machine, p.fidelity, "workload", "layer", "kind", "MACs", "parameters", "cycles",
                                 "by c", "by M", "factor", "PE-cycles without a MAC, most");
  for (std::size_t i = 0; i < std::min(most, p.disagreements.size()); ++i) {
    const auto& d = p.disagreements[i];
    const auto& l = p.layers[d.layer];
    text += fmt::format("{:<18.18} {:<18.18} {:<16.16} {:>13} {:>12} {:>12} {:>5} {:>5} {:>8.3g}  {}\n", l.workload,
                        l.layer, l.of.kind, whole(macs(l)), grouped(l.parameters, " "), whole(l.of.cycles),
                        d.rank_by_cycles, d.rank_by_macs, d.factor, why(l));
  }
  text += "\nfactor: cycles a MAC over the median layer's; by c, by M: rank by cycles, by MACs\n\n";
  for (const auto& line : findings(p)) text += line + "\n";
  return text + "the tree:\n" + to_text(p.tree);
}

std::string to_markdown(const Profile& p, std::size_t most) {
  std::string text = fmt::format(
      "# Cycles of layers on {}\n\n{}.\n\n| workload | layer | kind | MACs | parameters | cycles | rank by cycles | "
      "rank by MACs | cycles a MAC over the median | PE-cycles without a MAC, most |\n"
      "|---|---|---|--:|--:|--:|--:|--:|--:|---|\n",
      p.machine, p.fidelity == "simulated" ? "Simulated" : "In closed form");
  for (std::size_t i = 0; i < std::min(most, p.disagreements.size()); ++i) {
    const auto& d = p.disagreements[i];
    const auto& l = p.layers[d.layer];
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {:.3g} | {} |\n", l.workload, l.layer, l.of.kind,
                        whole(macs(l)), grouped(l.parameters, " "), whole(l.of.cycles), d.rank_by_cycles,
                        d.rank_by_macs, d.factor, why(l));
  }
  text += "\n";
  for (const auto& line : findings(p)) text += "- " + line + "\n";
  return text + "\n```\n" + to_text(p.tree) + "```\n";
}

std::string to_csv(const Profile& p) {
  std::vector<const Disagreement*> of(p.layers.size());
  for (const auto& d : p.disagreements) of[d.layer] = &d;
  std::string text =
      "workload,layer,kind,channels,macs,parameters,input_words,weight_words,output_words,cycles,utilization,"
      "rank_by_cycles,rank_by_macs,factor,cause,cause_share,by_macs,by_tree\r\n";
  for (std::size_t i = 0; i < p.layers.size(); ++i) {
    const auto& l = p.layers[i];
    const auto [cause, share] = l.dominant();
    const auto& f = l.of.features;
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{:.6g},{},{},{:.6g},{},{:.6g},{:.6g},{:.6g}\r\n",
                        csv_field(l.workload), csv_field(l.layer), csv_field(l.of.kind), l.of.channels, f[0],
                        l.parameters, f[1], f[2], f[3], l.of.cycles, l.utilization, of[i]->rank_by_cycles,
                        of[i]->rank_by_macs, of[i]->factor, cause, share, p.by_macs(l.of), p.tree(l.of));
  }
  return text;
}

}  // namespace eyrie
