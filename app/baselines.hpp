#pragma once

#include <string>
#include <vector>

#include "app/catalogue.hpp"
#include "base/yaml.hpp"
#include "energy/baseline.hpp"

namespace eyrie {

/// Names or files of baselines, read. What is wrong in any of them is one InputError; so are a name twice, and a
/// processor of another kind, of which nothing was measured.
std::vector<Baseline> read_baselines(const std::vector<std::string>& names, const Catalogue&);

/// A baseline, and that the networks that it names have the layers and MACs that it says. All errors at once.
void check_baseline(const YamlDocument&, const Catalogue&);

/// JSON Schema of what may lie under configs/baselines: measured processors and SIMD cores.
std::string baselines_schema();

}  // namespace eyrie
