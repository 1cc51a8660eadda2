package org.lazuli.nn;

import java.util.List;

/// What [Module#freeze(FreezeOptions)] and [Module#unfreeze(FreezeOptions)] act on.
///
/// @param recurse whether submodules are meant too
/// @param keys names of parameters within their modules, such as `bias`; none stands for all
/// @param strict whether a key that no module has is an error
public record FreezeOptions(boolean recurse, List<String> keys, boolean strict) {
    /// All parameters, of submodules too.
    public static final FreezeOptions ALL = new FreezeOptions(true, List.of(), false);

    public FreezeOptions {
        keys = keys.stream().map(MemberNames::path).toList();
    }

    public FreezeOptions withRecurse(boolean recurse) {
        return new FreezeOptions(recurse, keys, strict);
    }

    public FreezeOptions withKeys(String... keys) {
        return new FreezeOptions(recurse, List.of(keys), strict);
    }

    public FreezeOptions withStrict(boolean strict) {
        return new FreezeOptions(recurse, keys, strict);
    }
}
