#include "interchange/timeloop_levels.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

std::string_view data_space(Operand t) {
  switch (t) {
    case Operand::Input:
      return "Inputs";
    case Operand::Weight:
      return "Weights";
    case Operand::Output:
      return "Outputs";
  }
  return "";
}

std::vector<Operand> operands_of(const ForeignNode& n, const std::string& what, Diagnostics& wrong) {
  std::vector<Operand> all;
  for (const auto* entry : entries_of(n, what, wrong)) {
    const auto name = text_of(*entry, fmt::format("an entry of {}", what), wrong);
    const auto t = std::ranges::find_if(kAllOperands, [&](Operand o) { return name && data_space(o) == *name; });
    if (t != kAllOperands.end())
      all.push_back(*t);
    else if (name)
      wrong.error(entry->place, fmt::format("the data space {} is not known", *name),
                  did_you_mean(*name, std::vector<std::string_view>{"Weights", "Inputs", "Outputs"}));
  }
  return all;
}

std::vector<TimeloopLevel> timeloop_levels(const Architecture& a) {
  std::vector<TimeloopLevel> levels{{a.dram.name, {kAllOperands.begin(), kAllOperands.end()}, false}};
  for (const auto& b : a.buffers) {
    levels.push_back({b.name, {}, false});
    for (const auto& p : b.partitions)
      for (Operand t : p.tensors) levels.back().tensors.push_back(t);
    std::ranges::sort(levels.back().tensors);
  }
  for (const auto& s : a.array.spads) levels.push_back({s.name, {s.tensor}, true});
  return levels;
}

}  // namespace eyrie
