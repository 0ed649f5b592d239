// The program itself; what a user starts is apps/dawson.cpp.
#include "dawson/cli/run.h"

int main(int argc, char** argv) {
  return dawson::cli::dawson_main(argc, argv);
}
