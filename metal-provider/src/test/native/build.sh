#!/bin/sh
# Builds the software Metal device: build.sh OUTPUT_FOLDER
# Compiles only what changed, and puts the finished library in place in one step, so that others may be using the old one.
set -eu
source=$(cd "$(dirname "$0")" && pwd)
output=${1:?usage: build.sh OUTPUT_FOLDER}
compiler=${CXX:-g++}
clang=${METALSIM_CLANG:-clang-19}

skip() {
    echo "================================================================================"
    echo "metalsim NOT BUILT: $1"
    echo "Tests that need the software Metal device will not run."
    echo "================================================================================"
    rm -f "$output/libmetalsim.so"
    exit 0
}

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || skip "it runs on Linux on x86-64 only, this is $(uname -s) on $(uname -m)"
command -v "$compiler" > /dev/null || skip "there is no $compiler (apt-get install g++)"
command -v "$clang" > /dev/null || skip "there is no $clang (apt-get install clang-19), which compiles the kernels"

objects=$output/objects
mkdir -p "$objects" "$output/msl/include"
output=$(cd "$output" && pwd)
objects=$output/objects

# A header may be in any file, so a newer one compiles everything again.
newest_header=$(ls -t "$source"/*/*.h "$source/build.sh" | head -n 1)
compiled=0
running=0
for file in "$source"/*/*.cpp "$source"/*/*.S; do
    object=$objects/$(basename "$file").o
    if [ ! -e "$object" ] || [ "$file" -nt "$object" ] || [ "$newest_header" -nt "$object" ]; then
        rm -f "$object"
        "$compiler" -std=c++20 -O2 -g1 -fPIC -fvisibility=hidden -Wall -Wextra -Werror -pthread -I "$source" -c "$file" -o "$object.$$" &&
            mv "$object.$$" "$object" &
        compiled=$((compiled + 1))
        running=$((running + 1))
        if [ "$running" -ge 2 ]; then
            wait
            running=0
        fi
    fi
done
wait
for file in "$source"/*/*.cpp "$source"/*/*.S; do
    if [ ! -e "$objects/$(basename "$file").o" ]; then
        echo "metalsim: $(basename "$file") does not compile" >&2
        exit 1
    fi
done

library=$output/libmetalsim.so
if [ "$compiled" -gt 0 ] || [ ! -e "$library" ]; then
    list=
    for file in "$source"/*/*.cpp "$source"/*/*.S; do
        list="$list $objects/$(basename "$file").o"
    done
    # shellcheck disable=SC2086 # a list of files
    "$compiler" -shared -pthread -Wl,-soname,libmetalsim.so -Wl,-z,defs $list -ldl -o "$library.$$"
    mv "$library.$$" "$library"
fi
# The headers of the kernels; copied only where they differ, because compiled kernels are cached by them.
for file in "$source"/msl/*.h "$source"/msl/include/*; do
    copy=$output/msl/${file#"$source"/msl/}
    cmp -s "$file" "$copy" || { cp "$file" "$copy.$$" && mv "$copy.$$" "$copy"; }
done
echo "metalsim: $library ($compiled files compiled)"
