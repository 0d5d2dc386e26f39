using System.Runtime.CompilerServices;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Models;

namespace ArchGen.Server.LlamaCpp.Slots;

/// <summary>The slots of each open model.</summary>
internal sealed class SlotTables
{
    private readonly ConditionalWeakTable<InferenceEngine, SlotTable> _tables = [];

    /// <summary>The slots of a model: as many as answers run at the same time.</summary>
    public SlotTable Of(ServedModel model) =>
        _tables.GetValue(model.Engine, _ => new SlotTable(model.Service.Options.MaxConcurrentAnswers));
}
