#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/yaml.hpp"
#include "dataflows/certificate.hpp"
#include "dataflows/mapping.hpp"
#include "dataflows/row_stationary.hpp"

namespace eyrie {

/// How one layer is mapped: by the parameters of a dataflow, or by a whole nest.
struct LayerMapping {
  std::string layer;
  std::optional<RowStationary> row_stationary;
  std::vector<NestEntry> nest;
  std::optional<Certificate> certificate;
  Place where;
};

/// A file of kind `mappings`: layers of one workload on one machine. Layers that it leaves out are mapped by the
/// program.
struct MappingFile {
  std::string kind = "mappings", architecture, workload, source;
  std::vector<LayerMapping> layers;
  Place where;
};
void describe(Fields&, MappingFile&);

/// Reads a file and checks that each layer is mapped once and in one way. All errors at once as InputError.
MappingFile read_mapping_file(const YamlDocument&);

/// The nest that an entry means for this layer on this machine. Not checked for legality.
Mapping mapping_of(const LayerMapping&, const LayerNest&, const Architecture&);

/// A mapping as the text of a `mappings` file with one layer, which reads back to the same nest.
std::string mapping_yaml(const Mapping&, const std::string& layer, const std::string& architecture,
                         const std::string& workload);
/// The head of a `mappings` file, and a layer's entry of it.
std::string mappings_head(const std::string& architecture, const std::string& workload);
std::string mapping_entry(const Mapping&, const std::string& layer, const std::optional<Certificate>&);

}  // namespace eyrie
