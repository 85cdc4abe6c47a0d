#include "app/scenario_open.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

const HostCost* host_cost(const Layer& l, const HostCosts& costs) {
  const auto it = std::ranges::find(costs, l.name, &HostCosts::value_type::first);
  return it == costs.end() ? nullptr : &it->second;
}

CloudCost cloud_cost(const Layer& l, const CloudFile& cloud) {
  if (l.place == PlaceOf::Folded) return {};
  CloudCost cost;
  const auto nest = l.nest();
  const double ops = nest ? 2.0 * static_cast<double>(nest->macs().count()) : 0;
  if (cloud.energy_per_op) cost.energy = cloud.energy_per_op->value * ops;
  const auto it = std::ranges::find(cloud.layers, l.name, &CloudLayers::value_type::first);
  if (it != cloud.layers.end())
    cost.latency = it->second.value;
  else if (nest && cloud.throughput_gops)
    cost.latency = Seconds{ops / (cloud.throughput_gops->value * 1e9)};
  else
    cost.modelled = false;
  return cost;
}

namespace {

/// Opens the parts of a scenario and collects all that is wrong.
class Opener {
 public:
  Opener(const YamlDocument& document, const Catalogue& catalogue) : document_{document}, catalogue_{catalogue} {}

  /// Does something; errors that know no place get that of `key`.
  template <class Act>
  void collect(const std::string& key, Act act) {
    try {
      act();
    } catch (const InputError& e) {
      for (const auto& d : e.diagnostics()) {
        const bool lost = d.place.file.empty() || d.place.file == "--layers";
        wrong_.error(lost ? document_.place_of(key) : d.place, d.problem, d.remedy);
      }
    }
  }

  /// A chip's experiment, prepared; `at` is the chip's path in the file.
  std::optional<PreparedExperiment> chip(ChipFile c, const std::string& at, const std::vector<std::string>& overrides) {
    const auto before = wrong_.all().size();
    for (auto* path : {&c.architecture, &c.workload, &c.mappings, &c.dataflow})
      *path = Catalogue::beside(*path, document_.name());
    known(Shelf::Architectures, c.architecture, at + ".architecture");
    known(Shelf::Workloads, c.workload, at + ".workload");
    known(Shelf::Mappings, c.mappings, at + ".mappings");
    known(Shelf::Dataflows, c.dataflow, at + ".dataflow");
    std::optional<PreparedExperiment> prepared;
    if (wrong_.all().size() == before)
      collect(at + ".workload", [&] { prepared = prepare(c.experiment(), overrides, catalogue_); });
    return prepared;
  }

  /// A network for the cloud.
  std::optional<Network> network(const std::string& name, const std::string& key) {
    std::optional<Network> read;
    collect(key, [&] {
      const auto path = catalogue_.find(Shelf::Workloads, Catalogue::beside(name, document_.name()));
      read = Network::from_yaml(YamlDocument::from_file(path), 1);
    });
    return read;
  }

  /// Layers on the host whose cost nothing states, and stated costs that nothing has.
  void host_costs(const Network& n, const HostCosts& costs, bool allow, const std::string& at) {
    names(n, costs, at + ".host_cost");
    std::vector<std::string> missing;
    for (const auto& l : n.layers()) {
      const bool stated = host_cost(l, costs) != nullptr;
      if (l.place == PlaceOf::Host && !stated) missing.push_back(shown(l));
      if (l.place != PlaceOf::Host && stated)
        error(at + ".host_cost", fmt::format("{} is not on the host, and host_cost has a cost for it", shown(l)),
              "leave it out; what the machine does is simulated");
    }
    if (!missing.empty() && !allow)
      error(at + ".workload",
            fmt::format("nothing states what these layers cost on the device's host: {}", joined(missing)),
            "give each a latency and an energy under `host_cost`, or write `allow_unmodelled: true`: then they count "
            "as free, and results say so");
  }

  /// The same for the cloud.
  void cloud_costs(const Network& n, const CloudFile& cloud, bool allow, const std::string& at) {
    names(n, cloud.layers, at + ".layers");
    std::vector<std::string> missing, slow;
    for (const auto& l : n.layers())
      if (!cloud_cost(l, cloud).modelled) (l.nest() ? slow : missing).push_back(shown(l));
    if (!slow.empty())
      error(at, fmt::format("nothing states what these layers take in the cloud: {}", joined(slow)),
            "give throughput_gops, or each layer's time under `layers`");
    if (!missing.empty() && !allow)
      error(
          at,
          fmt::format("these layers are no loop nests, so that no throughput says what they take: {}", joined(missing)),
          "give each a time under `layers`, or write `allow_unmodelled: true`: then they count as free, and results "
          "say so");
  }

  /// What reading single keys cannot find.
  template <class File>
  void file(const File& f) {
    check(f, document_, wrong_);
  }

  void raise_if_any() const { wrong_.raise_if_any(); }

 private:
  void error(const std::string& key, std::string problem, std::string remedy) {
    wrong_.error(document_.place_of(key), std::move(problem), std::move(remedy));
  }
  void known(Shelf shelf, const std::string& name, const std::string& key) {
    if (!name.empty()) collect(key, [&] { (void)catalogue_.find(shelf, name); });
  }
  template <class Costs>
  void names(const Network& n, const Costs& costs, const std::string& key) {
    for (const auto& [name, cost] : costs)
      collect(key + "." + name, [&, layer = name] { (void)n.layer(layer, document_.place_of(key + "." + layer)); });
  }
  static std::string shown(const Layer& l) { return fmt::format("{} ({})", l.name, name_of(l.type)); }
  static std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

  const YamlDocument& document_;
  const Catalogue& catalogue_;
  Diagnostics wrong_;
};

/// Applies what begins with `scenario.`; the others come back.
std::vector<std::string> applied(YamlDocument& document, const std::vector<std::string>& overrides) {
  const std::string mine = "scenario.";
  std::vector<std::string> others;
  for (const auto& o : overrides) {
    if (o.starts_with(mine))
      document.apply(parse_override(o.substr(mine.size())));
    else
      others.push_back(o);
  }
  return others;
}

}  // namespace

OpenOffload open_offload(YamlDocument document, const std::vector<std::string>& overrides, const Catalogue& catalogue) {
  const auto others = applied(document, overrides);
  auto file = read_yaml<OffloadFile>(document);
  Opener opener{document, catalogue};
  opener.file(file);
  auto device = opener.chip(file.device, "device", others);
  if (device) {
    opener.host_costs(device->network, file.device.host_cost, file.allow_unmodelled, "device");
    opener.cloud_costs(device->network, file.cloud, file.allow_unmodelled, "cloud");
  }
  opener.raise_if_any();
  return {std::move(file), std::move(*device)};
}

OpenBigLittle open_big_little(YamlDocument document, const std::vector<std::string>& overrides,
                              const Catalogue& catalogue) {
  if (const auto others = applied(document, overrides); !others.empty())
    throw InputError({"--set", 0, 0}, fmt::format("{} names no key of the scenario", others.front()),
                     "begin with scenario.; two chips have no architecture in common");
  auto file = read_yaml<BigLittleFile>(document);
  Opener opener{document, catalogue};
  opener.file(file);
  auto little = opener.chip(file.little, "little", {});
  if (little) opener.host_costs(little->network, file.little.host_cost, file.allow_unmodelled, "little");
  std::vector<OpenBig> big;
  for (std::size_t i = 0; i < file.big.size(); ++i) {
    auto& b = file.big[i];
    const auto at = fmt::format("big.{}", i);
    OpenBig open{.file = b, .chip = {}, .network = {}};
    if (b.where == BigPlace::SameChip) b.chip.architecture = file.little.architecture;
    if (b.where == BigPlace::Cloud) {
      auto network = opener.network(b.chip.workload, at + ".workload");
      if (!network) continue;
      opener.cloud_costs(*network, b.cloud, file.allow_unmodelled, at + ".cloud");
      open.network = std::move(*network);
    } else {
      open.chip = opener.chip(b.chip, at, {});
      if (!open.chip) continue;
      opener.host_costs(open.chip->network, b.chip.host_cost, file.allow_unmodelled, at);
    }
    big.push_back(std::move(open));
  }
  opener.raise_if_any();
  return {std::move(file), std::move(*little), std::move(big)};
}

}  // namespace eyrie
