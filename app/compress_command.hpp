#pragma once

// `eyrie compress`: a network made smaller, and what that comes to.

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/catalogue.hpp"
#include "base/units.hpp"
#include "workloads/model.hpp"

namespace eyrie {

struct CompressRequest {
  std::string workload, out, weights;
  std::optional<double> prune;
  std::vector<std::string> prune_layers, shrink;  ///< shrink: LAYER=SHARE
  std::optional<std::int64_t> share_bits;
  std::optional<std::int64_t> seed;       ///< of the filters; none: 1
  std::optional<std::int64_t> word_bits;  ///< of a filter word; none: 16, of integers that have no more than 8 b: 8
  bool global = false;                    ///< one threshold for all layers
  std::string format = "table";
  bool quiet = false;
};

/// What filters of a layer, or of all, take in storage.
struct FilterStorage {
  Bits dense{}, run_length{}, csc{};
  Bits codebook{};  ///< csc with indices for values, and the codebook; where weights aren't shared as csc
  FilterStorage& operator+=(const FilterStorage&);
};

/// One layer with filters before and after. Filters that several steps share count once, their MACs in every step.
struct CompressedLayer {
  std::string name;
  Words parameters_before{}, parameters{};  ///< biases among them
  Macs macs_before{}, macs{};
  Words zeros{};  ///< of its filters
  FilterStorage before, after;
  CompressedLayer& operator+=(const CompressedLayer&);
};

struct CompressionReport {
  std::string name;
  std::vector<CompressedLayer> layers;
  CompressedLayer total;
};

/// The file with what is asked put into its `compression`, whose other keys stay. InputError for options that do not go
/// together, for a `--shrink` that is no LAYER=SHARE, and where nothing is asked for.
NetworkFile with_compression(NetworkFile, const CompressRequest&);

/// Both networks with their own filters, in codes of Eyeriss v1 (5-bit runs, three pairs in 64 bits) and v2 (4-bit
/// counts, 7-bit pointers). Without a model filters are drawn from a seed.
CompressionReport compression_report(const NetworkFile& asked, std::int64_t seed, Bits word);
/// `asked` is as it was, `small` what `compressed` made of it.
CompressionReport compression_report(const Model& asked, const Model& small, Bits word);

std::string to_table(const CompressionReport&);
std::string to_json(const CompressionReport&);

/// Prints the report; writes the smaller workload, if a file is named. The exit code is 0.
int compress_command(const CompressRequest&, const Catalogue&);

/// The subcommand's options; `code` becomes its exit code.
void compress_options(CLI::App& compress_it, const std::string& program, int& code);

}  // namespace eyrie
