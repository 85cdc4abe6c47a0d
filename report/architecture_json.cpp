#include "energy/energy_table.hpp"
#include "report/json_parts.hpp"

namespace eyrie {

using Json = nlohmann::ordered_json;

namespace {

/// Steps from DRAM inwards.
enum Level : int { kDram, kBuffer, kNetwork, kArray, kSpad, kMac };

/// A list of components as the JSON has them.
class Components {
 public:
  explicit Components(const Architecture& a) : a_{a} {}

  void add(const std::string& name, Level level, const std::vector<Operand>& tensors) {
    Json of = Json::array();
    for (Operand t : tensors) of.push_back(std::string(name_of(t)));
    all_.push_back({{"name", name}, {"kind", kind_of(a_, name)}, {"level", static_cast<int>(level)}, {"tensors", of}});
  }
  void add(const std::string& name, Level level, const std::vector<Operand>& tensors, Bytes capacity) {
    add(name, level, tensors);
    all_.back()["capacity_bytes"] = capacity.count();
  }
  Json all() && { return std::move(all_); }

 private:
  const Architecture& a_;
  Json all_ = Json::array();
};

std::vector<Operand> tensors_of(const Sram& buffer) {
  std::vector<Operand> all;
  for (const auto& p : buffer.partitions) all.insert(all.end(), p.tensors.begin(), p.tensors.end());
  return all;
}

/// From DRAM inwards; within a level as the machine's file has them. A spad's capacity is that of one PE.
Json components_json(const Architecture& a) {
  const std::vector<Operand> every{kAllOperands.begin(), kAllOperands.end()};
  Components list{a};
  list.add(a.dram.name, kDram, every);
  for (const auto& b : a.buffers) list.add(b.name, kBuffer, tensors_of(b), b.capacity);
  for (const auto& n : a.networks) list.add(n.name, kNetwork, {n.tensor});
  list.add(a.array.name, kArray, every);
  for (const auto& s : a.array.spads)
    list.add(s.name, kSpad, {s.tensor}, Bytes{ceil_div(s.depth.count() * a.width(s.tensor).count(), 8)});
  list.add(a.array.mac.name, kMac, every);
  return std::move(list).all();
}

}  // namespace

Json architecture_json(const Architecture& a) {
  return {{"name", a.name},
          {"title", a.title},
          {"pes", a.pes()},
          {"frequency_mhz", a.core().count() * 1e-6},
          {"technology_nm", a.technology.nm},
          {"array", {{"name", a.array.name}, {"rows", a.array.rows}, {"columns", a.array.columns}}},
          {"peak_gops", 2e-9 * a.core().count() * static_cast<double>(a.pes())},
          {"dram_gb_per_s", a.dram.bandwidth.count() * a.clock(a.dram.clock).count() * 1e-9},
          {"components", components_json(a)}};
}

Json loop_nest_json(const std::vector<MappedLoop>& loops) {
  Json all = Json::array();
  for (const auto& l : loops) {
    Json one{{"level", l.level},
             {"dimension", std::string(name_of(l.dim))},
             {"factor", l.trips},
             {"kind", !l.axis              ? "temporal"
                      : *l.axis == Axis::X ? "spatial_x"
                                           : "spatial_y"},
             {"step", l.step}};
    if (l.remainder() != 0) {
      one["extent"] = l.extent;
      one["remainder"] = l.remainder();
    }
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace eyrie
