#pragma once

// `eyrie compress`: a network made smaller, and what that comes to.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "app/catalogue.hpp"
#include "base/units.hpp"
#include "workloads/network.hpp"

namespace eyrie {

struct CompressRequest {
  std::string workload, out;
  std::optional<double> prune;
  std::vector<std::string> prune_layers, shrink;  ///< shrink: LAYER=SHARE
  std::optional<std::int64_t> share_bits;
  std::int64_t seed = 1, word_bits = 16;
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

/// The file with what is asked put into its `compression`. InputError for a `--shrink` that is no LAYER=SHARE.
NetworkFile with_compression(NetworkFile, const CompressRequest&);

/// Both networks with seeded filters, in codes of Eyeriss v1 (5-bit runs, three pairs in 64 bits) and v2 (4-bit counts,
/// 7-bit pointers).
CompressionReport compression_report(const NetworkFile& asked, std::int64_t seed, Bits word);

std::string to_table(const CompressionReport&);
std::string to_json(const CompressionReport&);

/// Prints the report; writes the smaller workload, if a file is named. The exit code is 0.
int compress_command(const CompressRequest&, const Catalogue&);

/// The subcommand's options; `code` becomes its exit code.
void compress_options(CLI::App& compress_it, const std::string& program, int& code);

}  // namespace eyrie
