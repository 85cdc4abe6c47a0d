// Any bytes as a workload file: either a network or an InputError.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "workloads/network.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    eyrie::Network::from_yaml(eyrie::YamlDocument::from_text(text, "fuzz.yaml"), 1);
  } catch (const eyrie::InputError&) {
  }
  return 0;
}
